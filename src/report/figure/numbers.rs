//! The numbers behind a picture, as a table.

use std::collections::BTreeMap;

use super::Picture;
use super::stretch::step_of;
use super::words::{utc, whole};
use crate::catalog::Cause;
use crate::report::cause;
use crate::report::chart::{
    CauseBars, Distribution, DistributionSeries, Heatmap, Rpo, Strips, SweepLine, TimeAxis,
    Timeline, Verdicts,
};
use crate::report::theme::{NBSP, duration, interval, percent, percent_given, plain_number};
use crate::units::{Instant, Span, count, index_u64};

mod more;

/// Most rows of a table: longer series are thinned, and it says so.
pub(super) const ROWS_MAX: usize = 60;

/// Shares of which a distribution's table says when they are reached; the second list where there
/// are more than three curves.
const REACHED: [f64; 16] =
    [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 0.9999];
const REACHED_SHORT: [f64; 6] = [0.1, 0.5, 0.9, 0.95, 0.99, 0.999];

/// The numbers behind a picture, spelled as the picture spells them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Numbers {
    /// Names of the columns, with units where the fields have none.
    pub head: Vec<String>,
    /// Which columns hold numbers, to be set at the right; as many as `head`.
    pub is_numeric: Vec<bool>,
    /// One row a mark, or a stretch of time; each with as many fields as `head`.
    pub rows: Vec<Vec<String>>,
    /// How they were thinned: `each hour by its mean`; empty where they were not.
    pub thinned: String,
}

impl Numbers {
    /// A table with `n_words` columns of words, and numbers in the others.
    pub(super) fn new(n_words: usize, head: Vec<String>, rows: Vec<Vec<String>>) -> Numbers {
        let is_numeric = (0..head.len()).map(|column| n_words <= column).collect();
        Numbers { head, is_numeric, rows, thinned: String::new() }
    }

    /// The same, with a word on how it was thinned.
    pub(super) fn thinned(self, thinned: impl Into<String>) -> Numbers {
        Numbers { thinned: thinned.into(), ..self }
    }

    /// The numbers of a picture.
    pub(super) fn of(picture: &Picture) -> Numbers {
        match picture {
            Picture::Verdicts(chart) => of_verdicts(chart),
            Picture::CauseBars(chart) => of_causes(chart),
            Picture::Timeline(chart) => of_timeline(chart),
            Picture::Distribution(chart) => of_distribution(chart),
            Picture::Rpo(chart) => of_rpo(chart),
            Picture::Strips(chart) => of_strips(chart),
            Picture::SweepLine(chart) => of_line(chart),
            Picture::Heatmap(chart) => of_map(chart),
            Picture::LateBars(chart) => more::of_late(chart),
            Picture::Differences(chart) => more::of_differences(chart),
            Picture::Stacks(chart) => more::of_stacks(chart),
            Picture::Week(chart) => more::of_week(chart),
        }
    }
}

/// Heads from words.
pub(super) fn heads<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    words.into_iter().map(str::to_owned).collect()
}

/// An interval of shares with its sign; empty where there is none.
pub(super) fn interval_words(ends: Option<(f64, f64)>) -> String {
    ends.map_or_else(String::new, |(low, high)| format!("{}{NBSP}%", interval(low, high)))
}

fn of_verdicts(chart: &Verdicts) -> Numbers {
    let row = |row: &crate::report::chart::VerdictRow| {
        vec![
            row.promise.clone(),
            row.verdict.name().to_owned(),
            percent(row.share),
            interval_words(row.interval),
            percent_given(row.promised),
        ]
    };
    let head = ["promise", "kept?", "share kept", "95\u{a0}% interval", "promised"];
    Numbers::new(2, heads(head), chart.rows.iter().map(row).collect())
}

/// Those causes that any of these parts has time of, in order of life.
fn causes_in<'a>(parts: impl IntoIterator<Item = &'a (Cause, Span)>) -> Vec<Cause> {
    let mut with_time: Vec<Cause> =
        parts.into_iter().filter(|part| Span::ZERO < part.1).map(|part| part.0).collect();
    with_time.sort_unstable();
    with_time.dedup();
    with_time
}

fn of_causes(chart: &CauseBars) -> Numbers {
    let causes = causes_in(chart.scopes.iter().flat_map(|scope| &scope.times));
    let mut head = heads(["fleet → destination"]);
    head.extend(causes.iter().map(|cause| cause::label(*cause).to_owned()));
    head.push("in all".to_owned());
    let row = |scope: &crate::report::chart::CauseScope| {
        let time = |cause: &Cause| -> Span {
            scope.times.iter().filter(|part| part.0 == *cause).map(|part| part.1).sum()
        };
        let total: Span = scope.times.iter().map(|part| part.1).sum();
        let times = causes.iter().map(time).chain([total]).map(duration);
        std::iter::once(scope.name.clone()).chain(times).collect()
    };
    Numbers::new(1, head, chart.scopes.iter().map(row).collect())
}

/// Time by cause of the copies drawn, a column for each group.
fn of_timeline(chart: &Timeline) -> Numbers {
    let mut by_cause: Vec<BTreeMap<Cause, Span>> = vec![BTreeMap::new(); chart.groups.len()];
    for (group, sums) in chart.groups.iter().zip(&mut by_cause) {
        for part in group.copies.iter().flat_map(|copy| &copy.parts) {
            *sums.entry(part.cause).or_default() += part.to.since_or_zero(part.from);
        }
    }
    let mut head = heads(["time of all copies drawn, by cause"]);
    head.extend(chart.groups.iter().map(|group| group.name.clone()));
    let drawn = chart.groups.iter().map(|group| whole(index_u64(group.copies.len())));
    let mut rows: Vec<Vec<String>> =
        vec![std::iter::once("copies drawn".to_owned()).chain(drawn).collect()];
    for cause in Cause::ALL.into_iter().filter(|c| by_cause.iter().any(|of| of.contains_key(c))) {
        let time =
            |of: &BTreeMap<Cause, Span>| duration(of.get(&cause).copied().unwrap_or_default());
        let words = std::iter::once(cause::label(cause).to_owned());
        rows.push(words.chain(by_cause.iter().map(time)).collect());
    }
    let (n_drawn, n_all) = chart
        .groups
        .iter()
        .fold((0, 0), |(drawn, all), group| (drawn + group.copies.len(), all + group.n_copies));
    let table = Numbers::new(1, head, rows);
    if n_drawn == n_all {
        return table;
    }
    let (n_drawn, n_all) = (whole(index_u64(n_drawn)), whole(index_u64(n_all)));
    table.thinned(format!("the {n_drawn} of {n_all} copies that are drawn"))
}

fn of_distribution(chart: &Distribution) -> Numbers {
    let reached: &[f64] = if chart.series.len() <= 3 { &REACHED } else { &REACHED_SHORT };
    let head = ["copies", "time since due", "share arrived", "lowest run", "highest run"];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for series in &chart.series {
        for place in places_of(series, reached) {
            let at = &series.shares[place];
            let shares = [at.share, at.lowest, at.highest].map(percent);
            let mut row = vec![series.name.clone(), duration(at.after)];
            row.extend(shares);
            rows.push(row);
        }
    }
    let n_all: usize = chart.series.iter().map(|series| series.shares.len()).sum();
    let table = Numbers::new(1, heads(head), rows);
    if table.rows.len() == n_all {
        return table;
    }
    table.thinned("the times at which round shares are reached, at the limit, and at the end")
}

/// Where a curve reaches these shares, its limit, and its end.
fn places_of(series: &DistributionSeries, reached: &[f64]) -> Vec<usize> {
    let at_share = reached
        .iter()
        .filter_map(|wanted| series.shares.iter().position(|at| *wanted <= at.share + 1e-12));
    let limit = series.promise.map(|promise| promise.limit);
    let at_limit = limit.and_then(|limit| series.shares.iter().rposition(|at| at.after <= limit));
    let mut places: Vec<usize> =
        at_share.chain(at_limit).chain(series.shares.len().checked_sub(1)).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// Moments of an axis put together in steps, so that there are not too many.
struct Steps {
    from: Instant,
    step: Span,
    count: usize,
    format: &'static str,
}

impl Steps {
    fn of(time: &TimeAxis) -> Steps {
        let length = time.to.since_or_zero(time.from);
        let step = step_of(length, ROWS_MAX);
        let count = (0..=ROWS_MAX).find(|n| length <= step.times(index_u64(*n)));
        let count = count.unwrap_or(ROWS_MAX);
        let format = if length <= Span::from_days(1) { "%H:%M" } else { "%a %-d %b %H:%M" };
        Steps { from: time.from, step, count, format }
    }

    fn begin(&self, place: usize) -> Instant {
        self.from + self.step.times(index_u64(place))
    }

    fn label(&self, place: usize) -> String {
        utc(self.begin(place), self.format)
    }

    /// The values of a line that fall into a step.
    fn within<'v, T>(&self, (place, values): (usize, &'v [T]), at: fn(&T) -> Instant) -> &'v [T] {
        let (from, to) = (self.begin(place), self.begin(place + 1));
        let first = values.partition_point(|value| at(value) < from);
        let end = values.partition_point(|value| at(value) < to);
        &values[first..end]
    }

    fn thinned(&self, how: &str) -> String {
        if self.step <= Span::from_mins(5) {
            return String::new();
        }
        format!("each {} {how}", duration(self.step))
    }
}

fn of_rpo(chart: &Rpo) -> Numbers {
    let steps = Steps::of(&chart.time);
    let lines = [(&chart.median_name, &chart.median), (&chart.worst_name, &chart.worst)];
    let lines = lines.into_iter().filter(|(_, ages)| !ages.is_empty());
    let lines: Vec<_> = lines.collect();
    let mut head = heads(["from, UTC"]);
    for (name, _) in &lines {
        head.extend([(*name).clone(), format!("{name}, 95\u{a0}% run")]);
    }
    let row = |place: usize| -> Vec<String> {
        let ages = lines.iter().flat_map(|(_, ages)| {
            let within = steps.within((place, ages), |age| age.at);
            let oldest = |of: fn(&crate::report::chart::AgeAt) -> Span| {
                within.iter().map(of).max().map_or_else(String::new, duration)
            };
            [oldest(|age| age.mean), oldest(|age| age.high)]
        });
        std::iter::once(steps.label(place)).chain(ages).collect()
    };
    let rows = (0..steps.count).map(row).collect();
    Numbers::new(1, head, rows).thinned(steps.thinned("by its oldest"))
}

fn of_strips(chart: &Strips) -> Numbers {
    let steps = Steps::of(&chart.time);
    let mut head = heads(["from, UTC"]);
    for strip in &chart.strips {
        let unit = if strip.unit.is_empty() { String::new() } else { format!(", {}", strip.unit) };
        head.extend([format!("{}{unit}", strip.name), format!("95\u{a0}% run{unit}")]);
    }
    let row = |place: usize| -> Vec<String> {
        let levels = chart.strips.iter().flat_map(|strip| {
            let within = steps.within((place, &strip.levels), |level| level.at);
            if within.is_empty() {
                return [String::new(), String::new()];
            }
            let mean = within.iter().map(|level| level.mean).sum::<f64>() / count(within.len());
            let highest = within.iter().map(|level| level.p95).fold(0.0, f64::max);
            [plain_number(mean), plain_number(highest)]
        });
        std::iter::once(steps.label(place)).chain(levels).collect()
    };
    let limits = chart.strips.iter().flat_map(|strip| {
        [strip.limit.map_or_else(|| "none".to_owned(), plain_number), String::new()]
    });
    let limits: Vec<String> = std::iter::once("limit".to_owned()).chain(limits).collect();
    let rows = std::iter::once(limits).chain((0..steps.count).map(row)).collect();
    let how = "by its mean, and by the highest of the 95\u{a0}% run";
    Numbers::new(1, head, rows).thinned(steps.thinned(how))
}

fn of_line(chart: &SweepLine) -> Numbers {
    let row = |point: &crate::report::chart::SweepPoint| {
        let verdict = point.verdict.name().to_owned();
        vec![point.label.clone(), verdict, percent(point.share), interval_words(point.interval)]
    };
    let head = [chart.axis_name.as_str(), "kept?", "share kept", "95\u{a0}% interval"];
    Numbers::new(2, heads(head), chart.points.iter().map(row).collect())
}

/// One row a cell, or, where those are too many, one row a row.
fn of_map(chart: &Heatmap) -> Numbers {
    let cells = |row: usize| chart.cells[row].iter().zip(&chart.columns.values);
    let n_cells = chart.cells.iter().flatten().flatten().count();
    if n_cells <= ROWS_MAX {
        let head = [
            chart.rows.name.as_str(),
            chart.columns.name.as_str(),
            "kept?",
            "share kept",
            "95\u{a0}% interval",
        ];
        let mut rows = Vec::new();
        for (row, name) in chart.rows.values.iter().enumerate() {
            for (cell, column) in cells(row) {
                let Some(cell) = cell else { continue };
                let ends = Some((cell.low, cell.high)).filter(|ends| ends.0 < ends.1);
                let verdict = cell.verdict.name().to_owned();
                let words = vec![name.clone(), column.clone(), verdict];
                let shares = [percent(cell.share), interval_words(ends)];
                rows.push(words.into_iter().chain(shares).collect());
            }
        }
        return Numbers::new(3, heads(head), rows);
    }
    let corner = format!("{}; across: {}", chart.rows.name, chart.columns.name);
    let head = std::iter::once(corner).chain(chart.columns.values.iter().cloned()).collect();
    let row = |(row, name): (usize, &String)| -> Vec<String> {
        let shares =
            cells(row).map(|(cell, _)| cell.map_or_else(String::new, |cell| percent(cell.share)));
        std::iter::once(name.clone()).chain(shares).collect()
    };
    Numbers::new(1, head, chart.rows.values.iter().enumerate().map(row).collect())
        .thinned("shares alone; their intervals are in targets.csv")
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::super::sample::START;
    use super::*;
    use crate::report::chart::{AgeAt, LevelAt, ShareAt, Strip};

    fn mins(mins: u64) -> Instant {
        START + Span::from_mins(mins)
    }

    fn plain(numbers: &Numbers) -> Vec<String> {
        assert_eq!(numbers.head.len(), numbers.is_numeric.len());
        let rows = numbers.rows.iter().inspect(|row| assert_eq!(row.len(), numbers.head.len()));
        rows.map(|row| row.join(" | ").replace(NBSP, " ")).collect()
    }

    /// 5-minute bins of 3 days are 864: 60 rows ask for 72 minutes, so 2 hours, which gives 36 rows
    /// and one of the limit. Bins 0 to 23 have means 0 to 23: their mean is 11.5; of their 95 % runs,
    /// twice as high, the highest is 46.
    #[test]
    fn long_series_are_put_together_and_it_is_said() {
        let level = |bin: u32| LevelAt {
            at: mins(5 * u64::from(bin)),
            mean: f64::from(bin),
            p95: f64::from(2 * bin),
        };
        let strip = Strip {
            name: "Slots".to_owned(),
            unit: String::new(),
            limit: Some(20.0),
            note: String::new(),
            levels: (0..864).map(level).collect(),
        };
        let time = TimeAxis { from: START, to: mins(3 * 1440), zone: TimeZone::UTC };
        let numbers = of_strips(&Strips { time, strips: vec![strip] });
        let rows = plain(&numbers);
        assert_eq!(rows.len(), 37);
        assert_eq!(rows[..2], ["limit | 20 | ", "Mon 4 Jan 00:00 | 11.5 | 46"]);
        assert_eq!(
            numbers.thinned.replace(NBSP, " "),
            "each 2 h by its mean, and by the highest of the 95 % run"
        );
    }

    /// Two hours in bins of 5 minutes are 24 rows: none is left out. Moments without an age stay
    /// empty.
    #[test]
    fn short_series_are_told_whole() {
        let age = |bin: u64| AgeAt {
            at: mins(5 * bin),
            mean: Span::from_mins(bin),
            low: Span::ZERO,
            high: Span::from_mins(2 * bin),
        };
        let rpo = Rpo {
            time: TimeAxis { from: START, to: mins(120), zone: TimeZone::UTC },
            median_name: "median volume".to_owned(),
            median: Vec::new(),
            worst_name: "worst of the 3".to_owned(),
            worst: (1..24).map(age).collect(),
            limit: None,
        };
        let numbers = of_rpo(&rpo);
        let rows = plain(&numbers);
        assert_eq!(rows.len(), 24);
        assert_eq!(rows[..2], ["00:00 |  | ", "00:05 | 60 s | 2 min"]);
        assert_eq!(numbers.thinned, "");
    }

    /// A hundred copies that arrive one a minute: 1 % after a minute, 5 % after five, and so on; the
    /// table has the 14 round shares up to 99 %, and the end.
    #[test]
    fn a_distribution_is_told_where_it_reaches_round_shares() {
        let share = |minute: u32| {
            let share = f64::from(minute) / 100.0;
            ShareAt { after: Span::from_mins(minute.into()), share, lowest: share, highest: share }
        };
        let series = DistributionSeries {
            name: "db → b".to_owned(),
            n_copies: 100,
            shares: (1..=100).map(share).collect(),
            promise: None,
            last: None,
        };
        let numbers = of_distribution(&Distribution { series: vec![series] });
        let rows = plain(&numbers);
        assert_eq!(rows.len(), 15);
        assert_eq!(rows[1], "db → b | 5 min | 5.0 % | 5.0 % | 5.0 %");
        assert_eq!(rows[14], "db → b | 100 min | 100 % | 100 % | 100 %");
        assert!(!numbers.thinned.is_empty());
    }
}
