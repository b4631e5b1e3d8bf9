//! Where each interval lies against its promise: one row a target.

use super::axis::Scale;
use super::canvas::{Pen, Shape};
use super::sheet::{Anchor, Sheet, text_rect};
use super::{Caption, Drawing, Frame, Verdict};
use crate::report::theme::{Paint, TextStyle, ellipsize, interval, percent, percent_given, wrap};
use crate::units::count;

/// From the top of a wide row to its axis, in px.
const AXIS_BELOW: f64 = 26.0;

/// Left edge of the promises' words, and of the intervals, on the wide sheet, in px.
const WORDS_AT: f64 = 78.0;
const INTERVALS_AT: f64 = 400.0;

/// Left end of an axis on which everything stands at 100 %.
const FROM_WHERE_ALL_HELD: f64 = 0.9;

/// One target.
#[derive(Debug, Clone, PartialEq)]
pub struct VerdictRow {
    /// The promise in words: `databases: across within 40 min, 95 %`.
    pub promise: String,
    /// How it stands.
    pub verdict: Verdict,
    /// Share that was held, 0 to 1.
    pub share: f64,
    /// The share's interval, 0 to 1; `None` where nothing missed, so that only a bound is known.
    pub interval: Option<(f64, f64)>,
    /// Share that was promised, 0 to 1.
    pub promised: f64,
}

/// All targets of a scenario, in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdicts {
    /// One row a target.
    pub rows: Vec<VerdictRow>,
}

impl Verdicts {
    /// Draws a row a target: word, promise, and interval against the promise.
    pub fn draw(&self, caption: &Caption, frame: Frame) -> Drawing {
        let mut sheet = Sheet::new(caption, frame);
        if self.rows.is_empty() {
            return sheet.finish_empty();
        }
        for row in &self.rows {
            let words = row.write_words(&mut sheet);
            row.draw_interval(&mut sheet, words);
        }
        let values: Vec<String> = self.rows.iter().map(VerdictRow::values).collect();
        let bottom = sheet.top - 8.0;
        sheet.finish(bottom, &values)
    }
}

impl VerdictRow {
    /// The verdict in a word, as it begins a line.
    const fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Yes => "Yes",
            Verdict::No => "No",
            Verdict::NotSure => "Not sure",
        }
    }

    /// Writes verdict, promise, and numbers; returns the baseline of the last line.
    fn write_words(&self, sheet: &mut Sheet) -> f64 {
        let verdict = TextStyle::STRONG.in_paint(Paint::of(self.verdict));
        let baseline = sheet.top + 12.0;
        let (left, room) = if sheet.is_narrow() {
            let left = 14.0 + verdict.width(self.word()) + 10.0;
            (left, sheet.width() - left)
        } else {
            (WORDS_AT + 14.0, INTERVALS_AT - WORDS_AT - 14.0 - 30.0)
        };
        draw_shape(sheet, self.verdict, (5.0, baseline - 4.2));
        sheet.text((14.0, baseline), self.word(), verdict, Anchor::Start);
        let lines = wrap(&self.promise, TextStyle::LABEL, room, 3);
        let mut last = baseline;
        for (place, line) in lines.iter().enumerate() {
            last = baseline + count(place) * TextStyle::LABEL.line_height();
            sheet.text((left, last), line, TextStyle::LABEL, Anchor::Start);
        }
        last += TextStyle::LABEL.line_height();
        let numbers = ellipsize(&self.numbers(), TextStyle::NOTE, room);
        sheet.text((left, last), &numbers, TextStyle::NOTE, Anchor::Start);
        last
    }

    fn draw_interval(&self, sheet: &mut Sheet, words: f64) {
        let (left, right, axis) = if sheet.is_narrow() {
            (6.0, sheet.width() - 6.0, words + 14.0 + AXIS_BELOW)
        } else {
            (INTERVALS_AT, sheet.width() - 6.0, sheet.top + AXIS_BELOW)
        };
        let from = self.axis_from();
        let x = Scale::new((from, 1.0), (left, right));
        let promised = x.at(self.promised);
        let block = Shape::Block((left, axis - 16.0), (promised, axis));
        sheet.mark(&block, &Pen::fill(Paint::Panel));
        sheet.line((left, axis), (right, axis), &Pen::stroke(Paint::Axis, 1.0));
        sheet.line((promised, axis), (promised, axis - 22.0), &Pen::limit());
        let middle = axis - 8.0;
        let paint = Paint::of(self.verdict);
        if let Some((low, high)) = self.interval {
            let pen = Pen::stroke(paint, 3.0).titled(interval(low, high));
            sheet.line((x.at(low), middle), (x.at(high), middle), &pen);
        }
        let dot = Pen::fill(paint).titled(percent(self.share));
        sheet.dot((x.at(self.share), middle), 5.0, &dot);
        let baseline = axis + 15.0;
        let tick = TextStyle::TICK;
        let label = format!("promised {}", percent_given(self.promised));
        let half = tick.width(&label) / 2.0;
        let edge = if sheet.is_narrow() { 0.0 } else { left };
        let centre = promised.clamp(edge + half, right + 6.0 - half);
        sheet.text((centre, baseline), &label, tick, Anchor::Middle);
        for (text, at, anchor) in [
            (percent_given(from), edge, Anchor::Start),
            (percent_given(1.0), right + 6.0, Anchor::End),
        ] {
            let rect = text_rect((at, baseline), &text, tick, anchor);
            if sheet.is_free_with_air(rect, 6.0) {
                sheet.text((at, baseline), &text, tick, anchor);
            }
        }
        sheet.top = f64::max(baseline, words) + 22.0;
    }

    /// Left end of the axis: a round share below the promise and the interval.
    fn axis_from(&self) -> f64 {
        let low = self.interval.map_or(self.share, |interval| interval.0);
        let gap = 1.0 - low.min(self.share).min(self.promised);
        if gap <= 0.0 {
            return FROM_WHERE_ALL_HELD;
        }
        let steps = [1.0, 2.0, 3.0, 5.0, 10.0];
        let mut unit = 0.000_01;
        while unit < 0.1 && 10.0 * unit < gap * 1.2 {
            unit *= 10.0;
        }
        let wanted = (gap * 1.2).max(unit);
        let step = steps.into_iter().map(|step| step * unit).find(|step| wanted <= *step);
        1.0 - step.unwrap_or(1.0).min(1.0)
    }

    fn numbers(&self) -> String {
        match self.interval {
            Some((low, high)) => format!("{} ({})", percent(self.share), interval(low, high)),
            None if self.share < 1.0 => percent(self.share),
            None => format!("{}, nothing missed", percent(self.share)),
        }
    }

    fn values(&self) -> String {
        format!(
            "{}: {}, {}, promised {}.",
            self.promise,
            self.verdict.name(),
            self.numbers(),
            percent_given(self.promised)
        )
    }
}

/// Draws a verdict as a shape: a full dot, a cross, a ring.
pub(super) fn draw_shape(sheet: &mut Sheet, verdict: Verdict, (x, y): (f64, f64)) {
    let paint = Paint::of(verdict);
    match verdict {
        Verdict::Yes => sheet.dot((x, y), 4.5, &Pen::fill(paint)),
        Verdict::No => {
            let pen = Pen::stroke(paint, 2.5);
            sheet.line((x - 3.5, y - 3.5), (x + 3.5, y + 3.5), &pen);
            sheet.line((x - 3.5, y + 3.5), (x + 3.5, y - 3.5), &pen);
        }
        Verdict::NotSure => sheet.dot((x, y), 3.7, &Pen::stroke(paint, 2.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(share: f64, interval: (f64, f64), promised: f64) -> VerdictRow {
        let verdict = Verdict::NotSure;
        VerdictRow { promise: String::new(), verdict, share, interval: Some(interval), promised }
    }

    /// Promise 95 %, interval from 92.5 %: a gap of 7.5, with a fifth more 9, so 10 points.
    /// Promise 99.9 %, interval from 99.96 %: a gap of 0.1, with a fifth more 0.12, so 0.2 points.
    #[test]
    fn the_axis_begins_at_a_round_share_below_everything() {
        assert!((row(0.927, (0.925, 0.928), 0.95).axis_from() - 0.9).abs() < 1e-9);
        assert!((row(0.999_76, (0.9996, 0.999_92), 0.999).axis_from() - 0.998).abs() < 1e-9);
        assert!(row(0.0, (0.0, 0.1), 0.95).axis_from().abs() < 1e-9);
    }
}
