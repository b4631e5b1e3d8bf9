//! The key of stacked parts: which causes it names, and its row of swatches.

use std::collections::{BTreeMap, BTreeSet};

use super::canvas::{Pen, Shape};
use super::sheet::{Anchor, Sheet};
use crate::catalog::Cause;
use crate::report::cause;
use crate::report::theme::{Paint, TextStyle, ellipsize};
use crate::units::Span;

/// Most causes that a key names; the rest is *other*.
const CAUSES_MAX: usize = 6;

/// Side of a swatch, and from a swatch to its word, in px.
const SWATCH: f64 = 11.0;
const TO_WORD: f64 = 16.0;

/// Between two entries, in px.
const BETWEEN: f64 = 16.0;

/// From one row of entries to the next, in px.
const ROW: f64 = 20.0;

/// What a swatch looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Swatch {
    /// A filled square.
    Block(Paint),
    /// A piece of a line.
    Line(Paint),
    /// A piece of a limit.
    Limit,
}

/// The causes that a chart tells apart: those with the most time.
#[derive(Debug, Clone)]
pub(super) struct CauseKey {
    named: BTreeSet<Cause>,
    has_other: bool,
}

impl CauseKey {
    /// The key of a chart that shows these causes for so long.
    pub(super) fn of(parts: impl IntoIterator<Item = (Cause, Span)>) -> CauseKey {
        let mut totals: BTreeMap<Cause, Span> = BTreeMap::new();
        for (cause, time) in parts {
            *totals.entry(cause).or_default() += time;
        }
        let mut by_time: Vec<(Span, Cause)> =
            totals.into_iter().map(|(cause, time)| (time, cause)).collect();
        by_time.retain(|(time, _)| Span::ZERO < *time);
        by_time.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
        let has_other = CAUSES_MAX < by_time.len();
        let named = by_time.into_iter().take(CAUSES_MAX).map(|(_, cause)| cause).collect();
        CauseKey { named, has_other }
    }

    /// The paint of a part of this cause.
    pub(super) fn paint(&self, cause: Cause) -> Paint {
        if self.named.contains(&cause) { Paint::Cause(cause) } else { Paint::Other }
    }

    /// The entries, in order of life.
    pub(super) fn entries(&self) -> Vec<(Swatch, String)> {
        let mut entries: Vec<(Swatch, String)> = self
            .named
            .iter()
            .map(|&cause| (Swatch::Block(Paint::Cause(cause)), cause::label(cause).to_owned()))
            .collect();
        if self.has_other {
            entries.push((Swatch::Block(Paint::Other), "other".to_owned()));
        }
        entries
    }
}

/// Draws the entries of a key in rows from `left`, from the sheet's top downwards, and moves the
/// top below them.
pub(super) fn write_key(sheet: &mut Sheet, entries: &[(Swatch, String)], left: f64) {
    let room = sheet.width();
    let (mut x, mut baseline) = (left, sheet.top + SWATCH);
    for (swatch, word) in entries {
        let word = ellipsize(word, TextStyle::LABEL, room - left - TO_WORD);
        let width = TO_WORD + TextStyle::LABEL.width(&word);
        if left < x && room < x + width {
            (x, baseline) = (left, baseline + ROW);
        }
        draw(sheet, *swatch, (x, baseline));
        sheet.text((x + TO_WORD, baseline - 1.0), &word, TextStyle::LABEL, Anchor::Start);
        x += width + BETWEEN;
    }
    if !entries.is_empty() {
        sheet.top = baseline + 14.0;
    }
}

fn draw(sheet: &mut Sheet, swatch: Swatch, (x, baseline): (f64, f64)) {
    let middle = baseline - SWATCH / 2.0;
    match swatch {
        Swatch::Block(paint) => {
            let block = Shape::Block((x, baseline - SWATCH), (x + SWATCH, baseline));
            sheet.mark(&block, &Pen::fill(paint));
        }
        Swatch::Line(paint) => {
            sheet.line((x, middle), (x + SWATCH, middle), &Pen::stroke(paint, 2.0));
        }
        Swatch::Limit => sheet.line((x, middle), (x + SWATCH + 2.0, middle), &Pen::limit()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seven causes with 1 to 7 minutes in order of life: the first has the least and is *other*.
    #[test]
    fn the_seventh_cause_is_other() {
        let parts = Cause::ALL[..7].iter().zip(1..).map(|(&c, n)| (c, Span::from_mins(n)));
        let key = CauseKey::of(parts);
        assert_eq!(key.paint(Cause::Snapshot), Paint::Other);
        assert_eq!(key.paint(Cause::Window), Paint::Cause(Cause::Window));
        let words: Vec<String> = key.entries().into_iter().map(|(_, word)| word).collect();
        assert_eq!(words.len(), 7);
        assert_eq!(words.last().map(String::as_str), Some("other"));
    }

    #[test]
    fn a_cause_without_time_is_not_in_the_key() {
        let key = CauseKey::of([(Cause::Slot, Span::ZERO), (Cause::Paced, Span::from_secs(1))]);
        assert_eq!(key.entries().len(), 1);
    }
}
