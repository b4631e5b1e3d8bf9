//! What would help: each point of a sweep against the one as written, or the first, pair by pair.

use super::points::{Point, every_promise, points, told_target};
use super::words::{capital, numeral, promise};
use super::{Figure, Picture, Section, Tables};
use crate::report::chart::{Caption, DifferenceGroup, DifferenceRow, Differences, Verdict};
use crate::report::read::{ChosenRow, TargetRow};
use crate::report::theme::{NBSP, percent, plain_number};
use crate::stats::{LEVEL, Paired};

/// Most points shown; those that win most stay, and the chosen one.
const ROWS_MAX: usize = 12;

/// A point with what it wins.
struct Gain {
    point: Point,
    paired: Paired,
}

/// The figure; none without a sweep, or without a target.
pub(super) fn figure(tables: &Tables) -> Option<Figure> {
    if tables.manifest.scenario.points < 2 {
        return None;
    }
    let target = told_target(tables)?;
    let points = points(tables, &target.target);
    let base = points.iter().find(|point| point.index == tables.base())?.clone();
    let mut gains: Vec<Gain> =
        points.iter().filter_map(|point| gain(tables, target, point.clone())).collect();
    if gains.is_empty() {
        return None;
    }
    let n_all = gains.len();
    let chosen = tables.confirmed.as_ref().and_then(|rows| rows.first()).map(|row| row.point);
    let is_chosen = |gain: &Gain| Some(gain.point.index) == chosen;
    gains.sort_by(|one, other| {
        let order = other.paired.difference.mean.total_cmp(&one.paired.difference.mean);
        let cost = |gain: &Gain| gain.point.total().unwrap_or(0.0);
        order.then(cost(one).total_cmp(&cost(other))).then(one.point.index.cmp(&other.point.index))
    });
    let rank = gains.iter().position(is_chosen);
    if let Some(rank) = rank.filter(|rank| ROWS_MAX <= *rank) {
        gains.swap(rank, ROWS_MAX - 1);
    }
    gains.truncate(ROWS_MAX);
    let needed = target.standing.promised - target.standing.held()?;
    let rows = gains.iter().map(|gain| row(gain, is_chosen(gain))).collect();
    let group = DifferenceGroup {
        heading: format!(
            "share kept of {}: change against {}, percentage points",
            promise(&target.target, target.standing.promised),
            base.name
        ),
        beside: "then kept · a run costs".to_owned(),
        needed: (0.0 < needed).then_some(needed * 100.0),
        rows,
    };
    let left_out = match n_all - gains.len() {
        0 => String::new(),
        _ => format!("the {} of {} points that win most", gains.len(), n_all),
    };
    let n_pairs = gains.iter().map(|gain| gain.n_pairs(tables, target)).max().unwrap_or(0);
    let pairs = format!("n{NBSP}={NBSP}{n_pairs}{NBSP}pairs of runs on the same draws");
    let subtitle =
        tables.subtitle_of([pairs.as_str(), "mean difference and 95\u{a0}% interval", &left_out]);
    let caption = Caption { title: title(tables, &points, &base), subtitle };
    let picture = Picture::Differences(Differences { groups: vec![group] });
    Some(Figure::new(Section::Help, "what-helps", caption, picture, note(tables, chosen.is_some())))
}

/// Shares of a target at a point, by replication.
fn shares(tables: &Tables, target: &str, point: u64) -> Vec<(u64, f64)> {
    let rows = tables.target_runs.iter().filter(|row| row.point == point && row.target == target);
    rows.filter_map(|row| Some((row.replication, row.share?))).collect()
}

/// The shares of the base and of another point, of the replications that both have.
fn pairs(tables: &Tables, target: &str, point: u64) -> (Vec<f64>, Vec<f64>) {
    let (base, other) = (shares(tables, target, tables.base()), shares(tables, target, point));
    let partner = |&(replication, share): &(u64, f64)| {
        let found = other.iter().find(|other| other.0 == replication)?;
        Some((share, found.1))
    };
    base.iter().filter_map(partner).unzip()
}

fn gain(tables: &Tables, target: &TargetRow, point: Point) -> Option<Gain> {
    if point.index == tables.base() {
        return None;
    }
    let (base, other) = pairs(tables, &target.target, point.index);
    Some(Gain { paired: Paired::of(&base, &other, LEVEL)?, point })
}

impl Gain {
    fn n_pairs(&self, tables: &Tables, target: &TargetRow) -> usize {
        pairs(tables, &target.target, self.point.index).0.len()
    }
}

fn row(gain: &Gain, is_chosen: bool) -> DifferenceRow {
    let difference = gain.paired.difference;
    let cost = gain.point.total().map(|cost| format!("{}{NBSP}USD", plain_number(cost)));
    let share = gain.point.share.map(percent);
    let beside: Vec<String> = share.into_iter().chain(cost).collect();
    DifferenceRow {
        name: gain.point.label.clone(),
        difference: difference.mean * 100.0,
        interval: difference.interval.map(|ends| (ends.low * 100.0, ends.high * 100.0)),
        verdict: Some(gain.point.all),
        is_strong: is_chosen,
        beside: beside.join(" · "),
    }
}

/// Which point was chosen as the cheapest that keeps all promises, and what fresh draws say.
fn title(tables: &Tables, points: &[Point], base: &Point) -> String {
    let promises = every_promise(tables);
    let of = |index: u64| points.iter().find(|point| point.index == index);
    if let Some(rows @ [first, ..]) = tables.confirmed.as_deref() {
        let name = of(first.point).map_or("the chosen point", |point| &point.name);
        let how = match tables.solve {
            Some(_) => How::Answer,
            None if first.point == base.index => How::AsItIs,
            None => How::Cheapest,
        };
        return of_chosen(name, rows, (&promises, how));
    }
    let n_kept = points.iter().filter(|point| point.all == Verdict::Yes).count();
    let share = |point: &Point| point.share.unwrap_or(0.0);
    let best = points.iter().rev().max_by(|one, other| share(one).total_cmp(&share(other)));
    match (n_kept, best) {
        (0, Some(best)) => format!(
            "No point keeps {promises} for sure; the best, {}, holds {}",
            best.name,
            percent(share(best))
        ),
        (n, _) => capital(&format!(
            "{} of {} points {} {promises}",
            numeral(n),
            numeral(points.len()),
            if n == 1 { "keeps" } else { "keep" }
        )),
    }
}

/// How a point came to be chosen.
#[derive(Clone, Copy)]
enum How {
    /// `solve` asked for the least, or the most, that is enough.
    Answer,
    /// The first point is the cheapest that keeps all.
    AsItIs,
    /// Another one is.
    Cheapest,
}

fn of_chosen(name: &str, rows: &[ChosenRow], (promises, how): (&str, How)) -> String {
    let holds = rows.iter().all(|row| row.verdict == Verdict::Yes);
    let least = rows.iter().filter_map(|row| Some(row.share.as_ref()?.value)).fold(1.0, f64::min);
    let cost = rows.iter().find_map(|row| row.cost_usd);
    let cost =
        cost.map_or(String::new(), |cost| format!(", {}{NBSP}USD a run", plain_number(cost)));
    let first = if name.contains(['.', '_']) { name.to_owned() } else { capital(name) };
    let fresh = format!("{} on fresh draws{cost}", percent(least));
    match how {
        _ if !holds => format!("{first} was chosen, but fresh draws do not confirm it: {fresh}"),
        How::Answer => format!("{first} is enough to keep {promises}: {fresh}"),
        How::Cheapest => format!("{first} is the cheapest that keeps {promises}: {fresh}"),
        How::AsItIs => {
            format!("Nothing has to change: {name} keeps {promises} at the least cost: {fresh}")
        }
    }
}

fn note(tables: &Tables, has_chosen: bool) -> Vec<String> {
    let mut note = vec![
        "Each dot is one point against the one named above, on the same draws; right of the dashed line \
         is enough."
            .to_owned(),
    ];
    if 1 < tables.first_targets().count() {
        note.push("Dot, ring, and cross say whether all promises are kept then.".to_owned());
    } else {
        note.push("Dot, ring, and cross say whether the promise is kept then.".to_owned());
    }
    if has_chosen {
        note.push(
            "Bold: chosen, and run again on draws that nobody chose by; the best of many looks \
             better than it is."
                .to_owned(),
        );
    }
    note
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    /// Slots 20, 30, and 40, of which the first misses 95 %; two runs each.
    fn tables(confirmed: Option<&str>) -> Tables {
        let targets = "0,20,in time,copy,0.95,0.9,0.8,0.92,,,no,,2,9,1,0\n\
                       1,30,in time,copy,0.95,0.96,0.95,0.97,,,yes,,2,9,1,0\n\
                       2,40,in time,copy,0.95,0.99,0.98,1,,,yes,,2,9,1,0";
        let runs = "0,20,0,in time,0.88,9,1,0\n0,20,1,in time,0.92,9,1,0\n\
                    1,30,0,in time,0.95,9,1,0\n1,30,1,in time,0.97,9,1,0\n\
                    2,40,0,in time,0.99,9,1,0\n2,40,1,in time,0.99,9,1,0";
        let axes = &["slots"];
        let confirmed = confirmed.map(|rows| sample::rows(axes, rows));
        let mut tables = Tables {
            targets: sample::rows(axes, targets),
            target_runs: sample::rows(axes, runs),
            confirmed,
            ..sample::tables()
        };
        tables.manifest.scenario.points = 3;
        tables.costs = [(0, [5.0, 1.0, 4.0]), (1, [5.0, 1.0, 4.5]), (2, [5.0, 1.0, 9.0])].into();
        tables
    }

    fn title(confirmed: Option<&str>) -> String {
        figure(&tables(confirmed)).unwrap().caption.title.replace(NBSP, " ")
    }

    const CHOSEN: &str = "1,30,in time,copy,0.95,0.96,yes,0.955,0.951,0.96,,yes,why,10.500000000,\
                          10.600000000,1000001,2,9,1";

    /// 30 slots against 20: 7 and 5 points, 6 in the mean; 40 slots: 11 and 7 points, 9 in the mean.
    /// 5 points are missing.
    #[test]
    fn gains_are_paired_by_replication() {
        let figure = figure(&tables(Some(CHOSEN))).unwrap();
        let Picture::Differences(chart) = figure.picture else { panic!("another chart") };
        let group = &chart.groups[0];
        let told = |row: &DifferenceRow| {
            format!("{} {:.3} {} {}", row.name, row.difference, row.beside, row.is_strong)
        };
        let rows: Vec<String> = group.rows.iter().map(|row| told(row).replace(NBSP, " ")).collect();
        assert_eq!(
            rows,
            ["slots = 40 9.000 99.0 % · 15 USD false", "slots = 30 6.000 96.0 % · 10.5 USD true"]
        );
        assert!((group.needed.unwrap() - 5.0).abs() < 1e-9);
    }

    /// Solved for slots, 30 as written: 20 slots lose 7 and 5 points against it.
    #[test]
    fn what_solve_tried_is_told_against_the_value_as_written() {
        let mut tables = tables(Some(&CHOSEN.replace("1,30", "2,40")));
        let solved = "1,30,true,in time,0.96,,,yes,true,,false,false,,,,,,,,,,2";
        tables.solve = Some(sample::rows(&["slots"], solved));
        let figure = figure(&tables).unwrap();
        assert!(
            figure.caption.title.starts_with("Slots\u{a0}=\u{a0}40 is enough to keep the promise")
        );
        let Picture::Differences(chart) = figure.picture else { panic!("another chart") };
        let rows: Vec<String> = chart.groups[0]
            .rows
            .iter()
            .map(|row| format!("{} {:.3}", row.name.replace(NBSP, " "), row.difference))
            .collect();
        assert_eq!(rows, ["slots = 40 3.000", "slots = 20 -6.000"]);
        assert_eq!(chart.groups[0].needed, None);
    }

    #[test]
    fn the_title_is_what_fresh_draws_say_of_the_cheapest() {
        assert_eq!(
            title(Some(CHOSEN)),
            "Slots = 30 is the cheapest that keeps the promise: 95.5 % on fresh draws, 10.6 USD a run"
        );
        let refuted = CHOSEN.replace(",yes,why", ",no,why");
        assert_eq!(
            title(Some(&refuted)),
            "Slots = 30 was chosen, but fresh draws do not confirm it: 95.5 % on fresh draws, 10.6 USD \
             a run"
        );
        assert_eq!(title(None), "Two of three points keep the promise");
    }
}
