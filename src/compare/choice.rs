//! Which point of a sweep is meant.

use std::str::FromStr;

/// A design point, by its number or by the values of axes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PointChoice {
    /// Its place in the plan, from 0.
    Number(usize),
    /// The value of some axes, by name: enough of them for one point alone.
    Values(Vec<(String, String)>),
}

/// A point of a sweep: its number, and each axis with its value.
pub type PointLabels = (usize, Vec<(String, String)>);

impl FromStr for PointChoice {
    type Err = String;

    /// Reads `3`, or `slots=20, rate=50 MiB/s`. A comma within a value belongs to it where no axis
    /// follows.
    fn from_str(text: &str) -> Result<PointChoice, String> {
        if let Ok(number) = text.trim().parse() {
            return Ok(PointChoice::Number(number));
        }
        let mut values: Vec<(String, String)> = Vec::new();
        for part in text.split(',') {
            match (part.split_once('='), values.last_mut()) {
                (Some((axis, value)), _) if !axis.trim().is_empty() => {
                    values.push((axis.trim().to_owned(), value.trim().to_owned()));
                }
                (_, Some((_, value))) => *value = format!("{value},{part}"),
                (_, None) => {
                    return Err("write the number of a point, or AXIS=VALUE, such as \
                                \"slots=20, rate=50 MiB/s\"; `check --plan` lists the points"
                        .to_owned());
                }
            }
        }
        Ok(PointChoice::Values(values))
    }
}

/// The point that is meant among those there are; without a choice there must be one alone.
///
/// # Errors
/// When it is none of them, or more than one: what there is.
pub fn choose(
    choice: Option<&PointChoice>,
    points: &[PointLabels],
    name: &str,
) -> Result<usize, String> {
    let found: Vec<usize> = match choice {
        None => points.iter().map(|(number, _)| *number).collect(),
        Some(PointChoice::Number(wanted)) => {
            points.iter().map(|(number, _)| *number).filter(|number| number == wanted).collect()
        }
        Some(PointChoice::Values(wanted)) => {
            let fits = |(_, labels): &&PointLabels| wanted.iter().all(|one| labels.contains(one));
            points.iter().filter(fits).map(|(number, _)| *number).collect()
        }
    };
    match (found.as_slice(), choice) {
        ([one], _) => Ok(*one),
        ([], _) => Err(format!("{name} has no such point; it has {}", told(points))),
        (several, None) => Err(format!(
            "{name} is a sweep of {} points: say which with --point, by number or by AXIS=VALUE; \
             it has {}",
            several.len(),
            told(points)
        )),
        (several, Some(_)) => Err(format!(
            "{} points of {name} are that: name more axes, or the number; it has {}",
            several.len(),
            told(points)
        )),
    }
}

/// Points that a message names at most.
const TOLD: usize = 12;

/// `0 (slots=5), 1 (slots=20)`.
fn told(points: &[PointLabels]) -> String {
    let each = points.iter().take(TOLD).map(|(number, labels)| match labels.as_slice() {
        [] => number.to_string(),
        labels => format!("{number} ({})", label(labels)),
    });
    let mut text = each.collect::<Vec<_>>().join(", ");
    if TOLD < points.len() {
        text.push_str(", …");
    }
    text
}

/// `slots=20, rate=50 MiB/s`.
pub fn label(labels: &[(String, String)]) -> String {
    labels.iter().map(|(axis, value)| format!("{axis}={value}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points() -> Vec<PointLabels> {
        let of = |slots: &str, rate: &str| {
            vec![("slots".to_owned(), slots.to_owned()), ("rate".to_owned(), rate.to_owned())]
        };
        vec![(0, of("5", "1 MiB/s")), (1, of("5", "2 MiB/s")), (2, of("20", "1 MiB/s"))]
    }

    fn chosen(text: &str) -> Result<usize, String> {
        choose(Some(&text.parse()?), &points(), "sweep.toml")
    }

    #[test]
    fn a_point_is_named_by_number_or_by_values() {
        assert_eq!(chosen("2"), Ok(2));
        assert_eq!(chosen("slots=5, rate=2 MiB/s"), Ok(1));
        assert_eq!(chosen("slots=20"), Ok(2));
        let table: PointChoice = "a={ low = 1, high = 2 }".parse().unwrap();
        let values =
            vec![("a".to_owned(), "{ low = 1".to_owned()), ("high".to_owned(), "2 }".to_owned())];
        assert_eq!(table, PointChoice::Values(values));
        let list: PointChoice = "a=x,y, b=z".parse().unwrap();
        let values = vec![("a".to_owned(), "x,y".to_owned()), ("b".to_owned(), "z".to_owned())];
        assert_eq!(list, PointChoice::Values(values));
    }

    #[test]
    fn what_is_no_point_or_several_is_told_with_what_there_is() {
        insta::assert_snapshot!(chosen("slots=5").unwrap_err(), @"2 points of sweep.toml are that: name more axes, or the number; it has 0 (slots=5, rate=1 MiB/s), 1 (slots=5, rate=2 MiB/s), 2 (slots=20, rate=1 MiB/s)");
        insta::assert_snapshot!(chosen("7").unwrap_err(), @"sweep.toml has no such point; it has 0 (slots=5, rate=1 MiB/s), 1 (slots=5, rate=2 MiB/s), 2 (slots=20, rate=1 MiB/s)");
        insta::assert_snapshot!(chosen("fast").unwrap_err(), @r#"write the number of a point, or AXIS=VALUE, such as "slots=20, rate=50 MiB/s"; `check --plan` lists the points"#);
        insta::assert_snapshot!(choose(None, &points(), "sweep.toml").unwrap_err(), @"sweep.toml is a sweep of 3 points: say which with --point, by number or by AXIS=VALUE; it has 0 (slots=5, rate=1 MiB/s), 1 (slots=5, rate=2 MiB/s), 2 (slots=20, rate=1 MiB/s)");
        assert_eq!(choose(None, &points()[..1], "sweep.toml"), Ok(0));
    }
}
