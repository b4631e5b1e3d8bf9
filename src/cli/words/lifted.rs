//! What makes the late copies late, in a sentence.

use std::fmt::Write;

use super::share;
use crate::experiment::Lifted;
use crate::report::words;

/// Limits that the sentence names at most.
const TOLD: usize = 4;

/// Shares below this are not worth a word: half a per cent of the late copies.
const LEAST: f64 = 0.005;

/// What makes the late ones late: for each limit, the greatest first, by how much there would be
/// fewer of them without it. Nothing where none was late.
///
/// Those that are late in the place of others count: at a full limit it is decided by little who
/// comes first, and lifting anything else shuffles them. So a limit is named only where the interval
/// of its difference lies above nothing.
pub(in crate::cli) fn what_makes_them_late(lifted: &[Lifted]) -> Option<String> {
    let of_all = |row: &&Lifted| row.scope == "all" && row.measure == "kept";
    let rows: Vec<&Lifted> = lifted.iter().filter(of_all).collect();
    let mut told: Vec<(f64, String)> = rows
        .iter()
        .filter(|row| row.difference.interval.is_none_or(|interval| 0.0 < interval.low))
        .filter_map(|row| Some((row.fewer.filter(|share| LEAST <= *share)?, limit(row))))
        .collect();
    told.sort_by(|one, other| other.0.total_cmp(&one.0)); // stable: equal ones in order of a copy's life
    let mut each = told.iter().take(TOLD);
    let Some((most, first)) = each.next() else {
        let names: Vec<String> = rows.iter().map(|row| limit(row)).collect();
        return (!names.is_empty()).then(|| {
            format!("No limit alone makes the late ones late; lifted were: {}", names.join(", "))
        });
    };
    let mut text = format!(
        "What makes the late ones late, one limit lifted at a time: {first}: {} fewer without it",
        share(*most)
    );
    for (share_of_late, name) in each {
        let _ = write!(text, "; {name}: {}", share(*share_of_late));
    }
    Some(text)
}

/// What a limit is called.
fn limit(row: &Lifted) -> String {
    words::limit(row.limit, &row.place)
}
