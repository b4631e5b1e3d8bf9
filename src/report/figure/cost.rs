//! What it costs, in three parts, and what share is on time for it.

use super::points::{Point, every_promise, points, told_target};
use super::words::{capital, promise};
use super::{Figure, Picture, Section, Tables};
use crate::record::measure as m;
use crate::report::chart::{
    Caption, StackRow, StackShare, StackShares, StackUnit, Stacks, Verdict,
};
use crate::report::read::BILL;
use crate::report::theme::{NBSP, Paint, duration, percent, plain_number};

/// Most bars.
const ROWS_MAX: usize = 14;

/// Costs that differ by less than this share are about the same.
const SAME: f64 = 0.01;

/// From this share on, a part of the bill is nearly all of it.
const ALMOST_ALL: f64 = 0.999;

/// The parts of [`BILL`], in their order.
const NAMES: [(&str, Paint); BILL.len()] = [
    ("transfer", Paint::Blue),
    ("storage", Paint::Reference),
    ("time-based surcharge", Paint::Gold),
];

/// The figure; none where nothing costs anything.
pub(super) fn figure(tables: &Tables) -> Option<Figure> {
    if tables.manifest.scenario.points < 2 { of_fleets(tables) } else { of_points(tables) }
}

fn usd(value: f64) -> String {
    format!("{}{NBSP}USD", plain_number(value))
}

/// Bars of a bill, without the parts that cost nothing in any of them.
fn bill(mut rows: Vec<StackRow>, shares: Option<StackShares>) -> Stacks {
    let is_used =
        |part: usize| rows.iter().any(|row| row.values.get(part).is_some_and(|v| 0.0 < *v));
    let used: Vec<usize> = (0..NAMES.len()).filter(|part| is_used(*part)).collect();
    for row in &mut rows {
        row.values = used.iter().filter_map(|part| row.values.get(*part).copied()).collect();
    }
    Stacks {
        heading: "cost of a run, USD".to_owned(),
        unit: StackUnit::Usd,
        parts: used.iter().map(|&part| (NAMES[part].0.to_owned(), NAMES[part].1)).collect(),
        rows,
        limit: None,
        shares,
    }
}

/// The points that are efficient: none costs less and keeps as much, or costs as much and keeps more.
fn efficient(points: &[&Point]) -> Vec<bool> {
    let of = |point: &Point| (point.total().unwrap_or(0.0), point.share.unwrap_or(0.0));
    let is_beaten = |one: &Point| {
        points.iter().map(|other| of(other)).any(|(cost, share)| {
            let (own_cost, own_share) = of(one);
            (cost < own_cost && own_share <= share) || (cost <= own_cost && own_share < share)
        })
    };
    points.iter().map(|point| !is_beaten(point)).collect()
}

fn of_points(tables: &Tables) -> Option<Figure> {
    let target = told_target(tables);
    let name = target.map_or_else(
        || tables.targets.first().map(|row| row.target.as_str()),
        |row| Some(row.target.as_str()),
    )?;
    let all = points(tables, name);
    let mut priced: Vec<&Point> = all.iter().filter(|point| point.total().is_some()).collect();
    let total = |point: &Point| point.total().unwrap_or(0.0);
    priced.sort_by(|one, other| {
        total(one).total_cmp(&total(other)).then(one.index.cmp(&other.index))
    });
    let most = priced.last().map_or(0.0, |point| total(point));
    if most <= 0.0 || priced.len() < 2 {
        return None;
    }
    let is_efficient = efficient(&priced);
    let shown = shown(&is_efficient);
    let row = |&place: &usize| {
        let point = priced[place];
        let share = point.share.map(|share| StackShare { share, verdict: Some(point.verdict) });
        StackRow {
            name: point.label.clone(),
            is_strong: is_efficient[place],
            values: point
                .cost
                .map_or_else(Vec::new, |parts| parts.map(|part| part.max(0.0)).to_vec()),
            share,
        }
    };
    let shares = target.map(|row| StackShares {
        heading: format!("kept of {}", promise(&row.target, row.standing.promised)),
        promised: Some(row.standing.promised),
    });
    let chart = bill(shown.iter().map(row).collect(), shares);
    let left_out = match priced.len() - shown.len() {
        0 => String::new(),
        _ => format!(
            "{} of {} points: the efficient ones, and an even choice",
            shown.len(),
            priced.len()
        ),
    };
    let run = format!("mean cost of a run of {}", duration(tables.manifest.scenario.horizon));
    let bold = "bold: efficient, nothing cheaper keeps as much";
    let subtitle = tables.subtitle_of([&run, "list prices", bold, left_out.as_str()]);
    let caption = Caption { title: title_of_points(tables, &priced), subtitle };
    let note = vec![
        "Bars are sorted by cost; what lies between two bold ones costs more and keeps no more."
            .to_owned(),
        "Dot, ring, and cross: the promise is kept, not sure, broken.".to_owned(),
    ];
    Some(Figure::new(Section::WhatIf, "cost", caption, Picture::Stacks(chart), note))
}

/// Which bars are shown: all, or the efficient ones and an even choice of the rest.
fn shown(is_efficient: &[bool]) -> Vec<usize> {
    let n_all = is_efficient.len();
    if n_all <= ROWS_MAX {
        return (0..n_all).collect();
    }
    let (mut kept, rest): (Vec<usize>, Vec<usize>) =
        (0..n_all).partition(|place| is_efficient[*place]);
    if ROWS_MAX < kept.len() {
        let n_kept = kept.len() - 1;
        kept = (0..ROWS_MAX).map(|place| kept[place * n_kept / (ROWS_MAX - 1)]).collect();
    }
    let n_rest = ROWS_MAX - kept.len();
    kept.extend((0..n_rest).map(|place| rest[place * rest.len() / n_rest]));
    kept.sort_unstable();
    kept
}

fn title_of_points(tables: &Tables, priced: &[&Point]) -> String {
    let total = |point: &Point| point.total().unwrap_or(0.0);
    let (cheapest, dearest) = (priced[0], priced[priced.len() - 1]);
    let promises = every_promise(tables);
    let (low, high) = (total(cheapest), total(dearest));
    let is_same = high - low <= SAME * high;
    let range = if is_same {
        format!("all points cost about the same, {} to {} a run", plain_number(low), usd(high))
    } else {
        format!("points cost from {} to {} a run", plain_number(low), usd(high))
    };
    match priced.iter().find(|point| point.all == Verdict::Yes) {
        Some(kept) if !is_same && kept.index == cheapest.index => {
            format!("The cheapest point of all, {}, keeps {promises} for {}", kept.name, usd(low))
        }
        Some(kept) if is_same => format!(
            "{} keeps {promises} for {} a run; no point costs much more or less",
            capital(&kept.name),
            usd(total(kept))
        ),
        Some(kept) => format!(
            "{} keeps {promises} at the least cost, {} a run; the cheapest point costs {}",
            capital(&kept.name),
            usd(total(kept)),
            usd(low)
        ),
        None if tables.targets.is_empty() => capital(&range),
        None => format!("No point keeps {promises} for sure at any price; {range}"),
    }
}

/// One point: the bill of each fleet to each destination.
fn of_fleets(tables: &Tables) -> Option<Figure> {
    let row = |scope: &str| {
        let values: Option<Vec<f64>> =
            BILL.iter().map(|part| tables.mean(scope, part.name)).collect();
        let share = tables.mean(scope, m::ON_TIME.name);
        Some(StackRow {
            name: scope.to_owned(),
            is_strong: false,
            values: values?.into_iter().map(|value| value.max(0.0)).collect(),
            share: share.map(|share| StackShare { share, verdict: None }),
        })
    };
    let total = |row: &StackRow| row.values.iter().sum::<f64>();
    let mut rows: Vec<StackRow> =
        tables.manifest.copies.iter().filter_map(|rule| row(&rule.scope)).collect();
    rows.sort_by(|one, other| total(other).total_cmp(&total(one)));
    let n_all = rows.len();
    rows.truncate(ROWS_MAX);
    let whole: f64 = rows.first().map(total)?;
    if whole <= 0.0 {
        return None;
    }
    let left_out = match n_all - rows.len() {
        0 => String::new(),
        _ => format!("the {} dearest of {n_all}", rows.len()),
    };
    let has_shares = rows.iter().any(|row| row.share.is_some());
    let run = format!("mean cost of a run of {}", duration(tables.manifest.scenario.horizon));
    let subtitle = tables.subtitle(&[&tables.runs(), &run, "list prices", &left_out]);
    let caption = Caption { title: title_of_fleets(tables, &rows)?, subtitle };
    let shares = || StackShares { heading: "copies on time".to_owned(), promised: None };
    let chart = bill(rows, has_shares.then(shares));
    let note = vec![
        "The bill of each fleet to each destination: what moves, what is kept, and what time-based \
         copies add."
            .to_owned(),
        "Storage grows until the retention is full: a longer horizon costs more a day.".to_owned(),
    ];
    Some(Figure::new(Section::WhatIf, "cost", caption, Picture::Stacks(chart), note))
}

fn title_of_fleets(tables: &Tables, rows: &[StackRow]) -> Option<String> {
    let parts: Option<Vec<f64>> = BILL.iter().map(|part| tables.mean("all", part.name)).collect();
    let parts = parts?;
    let whole: f64 = parts.iter().sum();
    let most = (0..3).rev().max_by(|one, other| parts[*one].total_cmp(&parts[*other]))?;
    let dearest = rows.first()?;
    let share = dearest.values.iter().sum::<f64>() / whole;
    let of = if rows.len() < 2 {
        String::new()
    } else if ALMOST_ALL <= share {
        format!("; nearly all of it for {}", dearest.name)
    } else {
        format!("; {} takes {} of it", dearest.name, percent(share.min(1.0)))
    };
    let part = NAMES[most].0;
    let only = parts.iter().filter(|part| 0.0 < **part).count() < 2;
    let part = if only {
        format!("all of it {part}")
    } else {
        format!("the largest part of it {part}, {}", usd(parts[most]))
    };
    Some(format!("A run costs {}, {part}{of}", usd(whole)))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn point(index: u64, cost: f64, share: f64) -> Point {
        Point {
            index,
            name: String::new(),
            label: String::new(),
            share: Some(share),
            verdict: Verdict::No,
            all: Verdict::No,
            cost: Some([cost, 0.0, 0.0]),
        }
    }

    /// 2 USD buys no more than 1 does; of the two that cost 3, one keeps more.
    #[test]
    fn what_is_beaten_is_not_efficient() {
        let points =
            [point(0, 1.0, 0.5), point(1, 2.0, 0.5), point(2, 3.0, 0.9), point(3, 3.0, 0.8)];
        let points: Vec<&Point> = points.iter().collect();
        assert_eq!(efficient(&points), [true, false, true, false]);
    }

    /// Of 30 points the 4 efficient ones stay, and 10 of the other 26.
    #[test]
    fn of_many_points_the_efficient_stay() {
        let is_efficient: Vec<bool> = (0..30).map(|place| place % 9 == 0).collect();
        let shown = shown(&is_efficient);
        assert_eq!(shown.len(), 14);
        assert!([0, 9, 18, 27].iter().all(|place| shown.contains(place)));
        assert!(shown.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(super::shown(&[true; 30]).len(), 14);
    }

    /// To b 60 + 20 + 10 USD, to c 10 + 0 + 0: b takes 90 of 100.
    #[test]
    fn one_point_shows_the_bill_of_each_fleet() {
        let means = [
            ("all", "transfer", 70.0),
            ("all", "storage", 20.0),
            ("all", "surcharge", 10.0),
            ("db → b", "transfer", 60.0),
            ("db → b", "storage", 20.0),
            ("db → b", "surcharge", 10.0),
            ("db → c", "transfer", 10.0),
            ("db → c", "storage", 0.0),
            ("db → c", "surcharge", 0.0),
            ("db → b", "on_time", 0.9),
        ];
        let tables = Tables { summary: sample::means(&means), ..sample::tables() };
        let figure = figure(&tables).unwrap();
        assert_eq!(
            figure.caption.title.replace(NBSP, " "),
            "A run costs 100 USD, the largest part of it transfer, 70 USD; db → b takes 90.0 % of it"
        );
        let Picture::Stacks(chart) = figure.picture else { panic!("another chart") };
        assert_eq!(chart.rows[0].values, [60.0, 20.0, 10.0]);
        assert_eq!(chart.rows[0].share.map(|of| of.share), Some(0.9));
        assert_eq!(chart.rows[1].share, None);
    }
}
