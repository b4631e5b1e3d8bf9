//! How many runs it took to be sure enough, in words.

use crate::experiment::{Attained, Outcome, Settled};
use crate::units::{Bytes, Rate, Span, thousands};

/// How many runs it took, or that there were not enough; none where their number was fixed.
pub(in crate::cli) fn settled(outcome: &Outcome) -> Option<String> {
    let all = &outcome.settled;
    let fewest = all.iter().map(|point| point.n_runs).min()?;
    let most = all.iter().map(|point| point.n_runs).max()?;
    let n_open = all.iter().filter(|point| !point.is_reached()).count();
    if let [point] = all.as_slice() {
        return Some(one(point));
    }
    let n_points = all.len();
    Some(match n_open {
        0 if fewest == most => {
            format!("All points are known as well as wanted, after {} runs each.", told(most))
        }
        0 => format!(
            "All points are known as well as wanted, after {} to {} runs.",
            told(fewest),
            told(most)
        ),
        n => format!(
            "{n} of {n_points} points {} not known as well as wanted after {} runs, the most that \
             precision.max_replications allows: precision.csv says what is missing.",
            if n == 1 { "is" } else { "are" },
            told(most)
        ),
    })
}

fn told(n_runs: u32) -> String {
    thousands(f64::from(n_runs), 0)
}

/// A point alone, with what is wanted of it.
fn one(point: &Settled) -> String {
    let n_runs = told(point.n_runs);
    if point.is_reached() {
        let all = point.attained.iter().map(reached).collect::<Vec<_>>().join("; ");
        return format!("Known as well as wanted after {n_runs} runs: {all}.");
    }
    let open = point.attained.iter().filter(|attained| !attained.reached);
    let open = open.map(missed).collect::<Vec<_>>().join("; ");
    format!(
        "Not known as well as wanted after {n_runs} runs, the most that precision.max_replications \
         allows: {open}."
    )
}

fn reached(attained: &Attained) -> String {
    let width = attained.half_width.map_or(String::new(), |width| amount(width, attained));
    format!("{} ± {width}", name(attained))
}

fn missed(attained: &Attained) -> String {
    let name = name(attained);
    match (attained.half_width, attained.wanted) {
        (Some(width), Some(wanted)) => {
            format!("{name} ± {}, wanted ± {}", amount(width, attained), amount(wanted, attained))
        }
        _ if attained.n == 0 => format!("no run has {name}"),
        _ if attained.mean.is_none() => format!("{name} has no steady state"),
        _ => format!("{name} has no interval"),
    }
}

/// `completion_p95 of all`, or the name of a target.
fn name(attained: &Attained) -> String {
    match attained.measure {
        Some(measure) => format!("{} of {}", measure.name, attained.scope),
        None => attained.scope.clone(),
    }
}

/// A half-width in the unit of its measure.
fn amount(value: f64, attained: &Attained) -> String {
    match attained.measure.map_or("share", |measure| measure.unit) {
        "s" => Span::from_secs_f64(value).to_string(),
        "B" => Bytes::from_f64(value).to_string(),
        "B/s" => Rate::new(value).to_string(),
        "share" => super::share(value),
        "USD" => format!("{} USD", thousands(value, 2)),
        unit => format!("{} {unit}", thousands(value, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::measure;

    fn attained(width: f64, wanted: f64) -> Attained {
        Attained {
            measure: Some(measure::COMPLETION_P95),
            scope: "all".to_owned(),
            mean: Some(600.0),
            half_width: Some(width),
            wanted: Some(wanted),
            n: 40,
            reached: width <= wanted,
        }
    }

    fn words(points: &[(u32, Attained)]) -> String {
        let settled = points.iter().map(|(n_runs, attained)| Settled {
            n_runs: *n_runs,
            attained: vec![attained.clone()],
        });
        settled_of(settled.collect())
    }

    fn settled_of(settled: Vec<Settled>) -> String {
        super::settled(&Outcome { settled, ..Outcome::default() }).unwrap()
    }

    #[test]
    fn it_says_how_many_runs_it_took_or_what_is_missing() {
        assert_eq!(settled(&Outcome::default()), None);
        insta::assert_snapshot!(words(&[(1040, attained(20.0, 30.0))]), @"Known as well as wanted after 1,040 runs: completion_p95 of all ± 20 s.");
        insta::assert_snapshot!(words(&[(1000, attained(45.0, 30.0))]), @"Not known as well as wanted after 1,000 runs, the most that precision.max_replications allows: completion_p95 of all ± 45 s, wanted ± 30 s.");
        let nothing =
            Attained { mean: None, half_width: None, wanted: None, n: 0, ..attained(1.0, 0.0) };
        insta::assert_snapshot!(words(&[(50, nothing)]), @"Not known as well as wanted after 50 runs, the most that precision.max_replications allows: no run has completion_p95 of all.");
        let share =
            Attained { measure: None, scope: "in time".to_owned(), ..attained(0.02, 0.005) };
        insta::assert_snapshot!(words(&[(50, share)]), @"Not known as well as wanted after 50 runs, the most that precision.max_replications allows: in time ± 2.0 %, wanted ± 0.5 %.");
        let reached = attained(20.0, 30.0);
        insta::assert_snapshot!(words(&[(30, reached.clone()), (30, reached.clone())]), @"All points are known as well as wanted, after 30 runs each.");
        insta::assert_snapshot!(words(&[(30, reached.clone()), (50, reached.clone())]), @"All points are known as well as wanted, after 30 to 50 runs.");
        insta::assert_snapshot!(words(&[(30, reached), (100, attained(45.0, 30.0))]), @"1 of 2 points is not known as well as wanted after 100 runs, the most that precision.max_replications allows: precision.csv says what is missing.");
    }
}
