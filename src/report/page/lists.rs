//! The worst copies, each with its causes to the second; unexpected full copies; volumes without a
//! recovery point.

use maud::{Markup, html};

use super::content::{Content, plural};
use super::markup::{Head, cards, cell, numbers, row_head, unbroken, words};
use crate::catalog::Cause;
use crate::record::Outcome;
use crate::report::figure::words::utc;
use crate::report::read::{FullRow, RecoveryRow, StretchRow, WorstRow};
use crate::report::theme::{NBSP, duration};
use crate::report::{cause, limit, words as said};
use crate::units::{Bytes, Instant, Rate, Span, count_u64, index_u64, thousands};

/// Causes with a column of their own; the others are one, so that the columns add up.
const COLUMNS_MAX: usize = 7;

/// Stretches of the transfer that a copy's line names; the longest.
const STRETCHES_TOLD: usize = 3;

/// Lines of the two lists below the table.
const LISTED: usize = 8;

const COPY: Head = words("copy");
const BAR: Head = words("time by cause");
const WHOLE: Head = numbers("due to end");
const RATE: Head = words("what set its rate, UTC");
const WITHOUT: Head = words("run again without its limit");

/// The worst copies and the two lists; none where the folder tells of no copy.
pub(super) fn worst(content: &Content) -> Option<Markup> {
    if content.manifest.copies.is_empty() {
        return None;
    }
    let rows = &content.worst;
    Some(html! {
        @if rows.is_empty() {
            p.intro { "No copy was followed in this run (--no-flip)." }
        } @else {
            p.intro { (introduction(rows)) }
            (table(content))
            (every_stretch(content))
        }
        div.two { (full(content)) (without(content)) }
    })
}

fn introduction(rows: &[WorstRow]) -> String {
    let n_broke = rows.iter().filter(|row| row.broke).count();
    let n_mended = rows.iter().filter(|row| row.broke && row.lifted_broke == Some(false)).count();
    if n_broke == 0 {
        return "No copy broke a promise; these took longest, over all runs.".to_owned();
    }
    format!(
        "Of these {}, {n_broke} broke a promise; run again without the limit that cost it most, {} \
         would have kept it. The causes of each add up to the second.",
        rows.len(),
        match n_mended {
            0 => "none".to_owned(),
            n => n.to_string(),
        }
    )
}

/// A column of the table.
struct Column {
    causes: Vec<Cause>,
    head: Head,
}

/// The causes that have a column, in order of life.
fn columns(rows: &[WorstRow]) -> Vec<Column> {
    let total = |cause: Cause| rows.iter().map(|row| time(row, cause)).sum::<Span>();
    let mut there: Vec<Cause> =
        Cause::ALL.into_iter().filter(|cause| Span::ZERO < total(*cause)).collect();
    let mut others = Vec::new();
    if COLUMNS_MAX < there.len() {
        let mut by_size = there.clone();
        by_size.sort_by_key(|cause| std::cmp::Reverse(total(*cause)));
        others = by_size.split_off(COLUMNS_MAX - 1);
        others.sort();
        there.retain(|cause| !others.contains(cause));
    }
    let single = |cause: Cause| Column { causes: vec![cause], head: numbers(cause::label(cause)) };
    let mut columns: Vec<Column> = there.into_iter().map(single).collect();
    if !others.is_empty() {
        columns.push(Column { causes: others, head: numbers("other") });
    }
    columns
}

fn time(row: &WorstRow, cause: Cause) -> Span {
    let place = Cause::ALL.iter().position(|other| *other == cause).expect("all are listed");
    row.causes[place]
}

fn table(content: &Content) -> Markup {
    let rows = &content.worst;
    let columns = columns(rows);
    let heads: Vec<Head> = [COPY, BAR]
        .into_iter()
        .chain(columns.iter().map(|column| column.head))
        .chain([WHOLE, RATE, WITHOUT])
        .collect();
    let caption = format!(
        "Time by cause, minutes:seconds, of the {} over all {}; of each volume at each destination its \
         worst.",
        plural(index_u64(rows.len()), "worst copy", "worst copies"),
        content.runs()
    );
    cards("worst", &caption, &heads, rows.iter().map(|row| line(content, row, &columns)))
}

fn line(content: &Content, row: &WorstRow, columns: &[Column]) -> Markup {
    let parts: Vec<Span> = columns
        .iter()
        .map(|column| column.causes.iter().map(|cause| time(row, *cause)).sum())
        .collect();
    let seconds = to_the_second(&parts);
    html! {
        (row_head(&html! {
            (unbroken(&format!("{} to {}", row.volume, row.to)))
            span.m {
                (row.fleet) ", run " (row.replication) ", due " (utc(row.due, "%a %-d %b %H:%M"))
                @if let Some(bytes) = row.bytes { ", " (Bytes::new(bytes).to_string()) }
            }
        }))
        td.barcell role="cell" { (bar(row)) }
        @for (column, seconds) in columns.iter().zip(&seconds) {
            @if *seconds == 0 {
                td.n.z role="cell" data-l=(column.head.text) { "–" }
            } @else {
                (cell(column.head, &html! { (clock(*seconds)) }))
            }
        }
        td.n.tot role="cell" data-l=(WHOLE.text) {
            (clock(seconds.iter().sum()))
            span.m { (ended(row)) }
        }
        (cell(RATE, &rate(content, row)))
        (cell(WITHOUT, &without_limit(row)))
    }
}

/// How a copy ended, and by how much too late.
fn ended(row: &WorstRow) -> String {
    match (row.outcome, row.completion, row.limit) {
        (Outcome::Completed, Some(took), Some(limit)) if limit < took => {
            format!("{} late", duration(took - limit))
        }
        (Outcome::Completed, _, _) if row.broke => "RPO limit passed".to_owned(),
        (Outcome::Completed, ..) => "in time".to_owned(),
        (other, ..) => other.name().replace('_', " "),
    }
}

/// Whole seconds that add up to the whole seconds of the sum: ends are rounded, not parts.
fn to_the_second(parts: &[Span]) -> Vec<u64> {
    let second = Span::from_secs(1);
    let mut end = Span::ZERO;
    let mut before = 0;
    let each = parts.iter().map(|part| {
        end += *part;
        let until = (end + Span::from_nanos(500_000_000)).whole(second);
        let seconds = until - before;
        before = until;
        seconds
    });
    each.collect()
}

/// `44:52`, `3:24:00` from an hour on is still minutes: `204:00`.
fn clock(seconds: u64) -> String {
    format!("{}:{:02}", thousands(count_u64(seconds / 60), 0), seconds % 60)
}

/// The time by cause as one bar, as long as the copy took in parts of a hundred.
fn bar(row: &WorstRow) -> Markup {
    let whole: Span = row.causes.iter().copied().sum();
    let mut from = Span::ZERO;
    let blocks: Vec<(f64, f64, Cause, Span)> = Cause::ALL
        .into_iter()
        .zip(row.causes)
        .filter(|(_, time)| Span::ZERO < *time && Span::ZERO < whole)
        .map(|(cause, time)| {
            let left = from.secs() / whole.secs() * 140.0;
            from += time;
            (left, time.secs() / whole.secs() * 140.0, cause, time)
        })
        .collect();
    let label: Vec<String> = blocks
        .iter()
        .map(|(.., cause, time)| format!("{} {}", cause::label(*cause), duration(*time)))
        .collect();
    html! {
        svg.chart.stack viewBox="0 0 140 14" preserveAspectRatio="none" role="img"
            aria-label={ "Time by cause: " (label.join(", ")) } {
            @for (left, width, cause, time) in &blocks {
                rect x=(tenth(*left)) y="0" width=(tenth(*width)) height="14"
                    class={ "f-" (cause.name()) } shape-rendering="crispEdges" {
                    title { (cause::label(*cause)) ": " (duration(*time)) }
                }
            }
        }
    }
}

fn tenth(px: f64) -> String {
    format!("{px:.1}")
}

/// What set the rate while bytes moved, and when: the longest stretches, in order of time.
fn rate(content: &Content, row: &WorstRow) -> Markup {
    let mut moving: Vec<&StretchRow> =
        of(content, row).filter(|stretch| stretch.rate.is_some()).collect();
    let n = moving.len();
    moving.sort_by_key(|stretch| std::cmp::Reverse(stretch.until.since(stretch.from)));
    moving.truncate(STRETCHES_TOLD);
    moving.sort_by_key(|stretch| stretch.from);
    html! {
        @if n == 0 { "moved nothing" }
        @for stretch in &moving {
            div {
                (cause::label(stretch.cause)) ", " (mib_per_s(stretch.rate))
                span.m { (clock_time(stretch.from)) " to " (clock_time(stretch.until)) }
            }
        }
        @if STRETCHES_TOLD < n { span.m { "and " (n - STRETCHES_TOLD) " more, below" } }
    }
}

fn of<'c>(content: &'c Content, row: &WorstRow) -> impl Iterator<Item = &'c StretchRow> {
    let rank = row.rank;
    content.stretches.iter().filter(move |stretch| stretch.rank == rank)
}

fn clock_time(at: Instant) -> String {
    utc(at, "%a %H:%M:%S")
}

fn mib_per_s(rate: Option<f64>) -> String {
    rate.map_or_else(String::new, |rate| {
        format!("{}{NBSP}MiB/s", thousands(Rate::new(rate).as_mib_per_s(), 1))
    })
}

/// How long the copy takes on the same draws without the limit that cost it most time.
fn without_limit(row: &WorstRow) -> Markup {
    if row.lifted.is_empty() {
        return html! { "nothing to lift" };
    }
    html! {
        "without " (limit::name(&row.lifted, &row.lifted_place))
        span.m {
            @match row.lifted_completion {
                Some(took) => (duration(took)),
                None => "does not arrive",
            }
            @match row.lifted_broke {
                Some(true) => ", still breaks a promise",
                Some(false) if row.broke => ", keeps its promise",
                _ => "",
            }
        }
    }
}

/// Every stretch of the worst copies, folded.
fn every_stretch(content: &Content) -> Markup {
    html! {
        details {
            summary { "Every stretch of these copies" }
            section.scroll tabindex="0" aria-label="Every stretch of the worst copies" {
                table {
                    caption { "Every stretch of the worst copies, UTC" }
                    thead {
                        tr {
                            th scope="col" { "copy" }
                            th scope="col" { "from" }
                            th scope="col" { "until" }
                            th scope="col" { "cause" }
                            th.n scope="col" { "rate" }
                        }
                    }
                    tbody {
                        @for row in &content.worst {
                            @for stretch in of(content, row) {
                                tr {
                                    th scope="row" { (row.rank) ". " (row.volume) " to " (row.to) }
                                    td { (clock_time(stretch.from)) }
                                    td { (clock_time(stretch.until)) }
                                    td { (cause::label(stretch.cause)) }
                                    td.n { (mib_per_s(stretch.rate)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Copies that were full although an earlier one had been there, in the runs that left rows.
fn full(content: &Content) -> Markup {
    let rows = &content.full;
    let n = index_u64(content.n_full);
    html! {
        div {
            @if content.has_rows {
                h3 { "Unexpected full copies: " (none_or(n)) }
                @if n == 0 {
                    p.m { "Of the copies in copies.csv, each found its base at the destination, or was \
                           the first of its volume there." }
                } @else {
                    ul {
                        @for row in rows.iter().take(LISTED) { li { (full_line(row)) } }
                    }
                    @if index_u64(LISTED) < n {
                        p.m { "And " (n - index_u64(LISTED)) " more in copies.csv, column full_because." }
                    }
                }
            } @else {
                h3 { "Unexpected full copies: not known" }
                p.m { "This run wrote no rows of copies (--rows none)." }
            }
        }
    }
}

fn full_line(row: &FullRow) -> String {
    let size = row.bytes.map_or(String::new(), |bytes| format!(", {}", Bytes::new(bytes)));
    format!(
        "{} to {}, {}, run {}{size}: {}",
        row.volume,
        row.to,
        utc(row.due, "%a %-d %b %H:%M"),
        row.replication,
        said::full_because(&row.because)
    )
}

fn none_or(n: u64) -> String {
    if n == 0 { "none".to_owned() } else { thousands(count_u64(n), 0) }
}

/// Volumes that were some time without any recovery point, in the runs that left rows.
fn without(content: &Content) -> Markup {
    let mut rows: Vec<&RecoveryRow> =
        content.recoveries.iter().filter(|row| Span::ZERO < row.without).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.without)); // stable
    html! {
        div {
            @if content.has_rows {
                h3 { "Without a recovery point: " (none_or(index_u64(rows.len()))) }
                @if rows.is_empty() {
                    p.m { "Every volume had a copy to recover from at each of its destinations all the \
                           time, in the runs that left rows." }
                } @else {
                    ul {
                        @for row in rows.iter().take(LISTED) { li { (without_line(row)) } }
                    }
                    @if LISTED < rows.len() {
                        p.m { "And " (rows.len() - LISTED) " more in rpo.csv, column without_s." }
                    }
                }
            } @else {
                h3 { "Without a recovery point: not known" }
                p.m { "This run wrote no rows of recovery points (--rows none)." }
            }
        }
    }
}

fn without_line(row: &RecoveryRow) -> String {
    let name = if row.volume.is_empty() { &row.application } else { &row.volume };
    let none = if row.n_points == 0 { ", no copy ever arrived" } else { "" };
    format!(
        "{name} at {}, run {}: {} without{none}",
        row.to,
        row.replication,
        duration(row.without)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0.4 + 0.4 + 0.4 s are 1.2 s, so 1 second in all: the ends 0.4, 0.8, and 1.2 round to 0, 1, and
    /// 1, and the parts are 0, 1, and 0.
    #[test]
    fn parts_to_the_second_add_up() {
        let part = Span::from_nanos(400_000_000);
        assert_eq!(to_the_second(&[part; 3]), [0, 1, 0]);
        assert_eq!(to_the_second(&[Span::from_secs(61), Span::ZERO]), [61, 0]);
        assert_eq!([clock(61), clock(7), clock(12_240)], ["1:01", "0:07", "204:00"]);
    }
}
