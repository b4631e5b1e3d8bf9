//! Where the time went: mean time by cause, stacked, adding up to the whole.

use super::axis::{Scale, n_labels, span_ticks};
use super::canvas::{Pen, Shape};
use super::key::{CauseKey, write_key};
use super::named::{Layout, bottom_of, lay_out, names_room, upright};
use super::panel::{BELOW, columns};
use super::sheet::{Anchor, Sheet};
use super::{Caption, Drawing, Frame};
use crate::catalog::Cause;
use crate::report::cause;
use crate::report::theme::{Paint, TextStyle, duration};
use crate::units::Span;

/// Height of a bar, in px.
const BAR: f64 = 20.0;

/// How the rows lie, but for where they begin.
const LAYOUT: Layout = Layout { left: 0.0, mark: BAR, beside: 90.0, below: 0.0, gap: 12.0 };

/// The mean copy of one fleet to one destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CauseScope {
    /// Fleet and destination.
    pub name: String,
    /// Mean time by cause; the sum is the mean time from due to done.
    pub times: Vec<(Cause, Span)>,
}

impl CauseScope {
    fn total(&self) -> Span {
        self.times.iter().map(|(_, time)| *time).sum()
    }
}

/// Mean time by cause for every scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CauseBars {
    /// The scopes, from top to bottom.
    pub scopes: Vec<CauseScope>,
}

impl CauseBars {
    /// Draws one bar a scope, in order of life, with its total at its end.
    pub fn draw(&self, caption: &Caption, frame: Frame) -> Drawing {
        let mut sheet = Sheet::new(caption, frame);
        if self.scopes.is_empty() {
            return sheet.finish_empty();
        }
        let key = CauseKey::of(self.scopes.iter().flat_map(|scope| scope.times.iter().copied()));
        let is_narrow = sheet.is_narrow();
        let names = || self.scopes.iter().map(|scope| scope.name.as_str());
        let left = names_room(&sheet, names());
        let layout = Layout { left, ..LAYOUT };
        write_key(&mut sheet, &key.entries(), left);
        let totals = || self.scopes.iter().map(CauseScope::total);
        let most = totals().max().unwrap_or(Span::ZERO);
        let style = TextStyle::STRONG;
        let total_room =
            totals().map(|total| style.width(&duration(total))).fold(0.0, f64::max) + 14.0;
        let right = sheet.width() - if is_narrow { 14.0 } else { total_room };
        let ticks = span_ticks(most, n_labels(right - left, 64.0).min(6));
        let end = ticks.last().map_or(1.0, |tick| tick.value);
        let x = Scale::new((0.0, end), (left, right));
        let rows = lay_out(&sheet, sheet.top + 4.0, layout, names().map(|name| (name, false)));
        let bottom = bottom_of(&rows, &sheet, layout) + 8.0;
        for tick in &ticks {
            let at = x.at(tick.value);
            let paint = if tick.value <= 0.0 { Paint::Axis } else { Paint::Grid };
            let ends = (sheet.top, bottom);
            upright(&mut sheet, at, &rows, ends, &Pen::stroke(paint, 1.0));
        }
        for (scope, row) in self.scopes.iter().zip(&rows) {
            row.write_name(&mut sheet, left);
            scope.draw(&mut sheet, x, (&key, row.mark));
            let total = duration(scope.total());
            let (at, anchor) = if is_narrow {
                ((sheet.width(), row.first_baseline(true)), Anchor::End)
            } else {
                let after = x.at(scope.total().secs()) + 8.0;
                ((after, row.baseline()), Anchor::Start)
            };
            sheet.text_with_halo(at, &total, style, anchor);
        }
        columns(&mut sheet, x, bottom + 14.0, &ticks);
        sheet.finish(bottom + BELOW, &self.values())
    }

    fn values(&self) -> Vec<String> {
        let scope = |scope: &CauseScope| {
            let part = |(cause, time): &(Cause, Span)| {
                format!("{} {}", cause::label(*cause), duration(*time))
            };
            let parts: Vec<String> = scope.times.iter().map(part).collect();
            let total = duration(scope.total());
            format!("{}: {}, in all {total}.", scope.name, parts.join(", "))
        };
        let what = "Mean time by cause.".to_owned();
        std::iter::once(what).chain(self.scopes.iter().map(scope)).collect()
    }
}

impl CauseScope {
    fn draw(&self, sheet: &mut Sheet, x: Scale, (key, top): (&CauseKey, f64)) {
        let mut begin = Span::ZERO;
        for (paint, words, time) in self.parts(key) {
            let (from, to) = (x.at(begin.secs()), x.at((begin + time).secs()));
            begin += time;
            if 0.05 <= to - from {
                let title = format!("{words}: {}", duration(time));
                let pen = Pen::fill(paint).titled(title);
                sheet.mark(&Shape::Block((from, top), (to, top + BAR)), &pen);
            }
        }
    }

    /// The parts in order of life; what the key does not name stands last, in one block.
    fn parts(&self, key: &CauseKey) -> Vec<(Paint, &'static str, Span)> {
        let mut times = self.times.clone();
        times.sort_by_key(|(cause, _)| *cause);
        let mut other = Span::ZERO;
        let mut parts = Vec::new();
        for (cause, time) in times {
            match key.paint(cause) {
                Paint::Other => other += time,
                paint => parts.push((paint, cause::label(cause), time)),
            }
        }
        parts.push((Paint::Other, "other", other));
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eight causes of 8 to 1 minutes: six are named, two are other (2 + 1 min); nothing is lost.
    #[test]
    fn what_the_key_does_not_name_is_one_last_block() {
        let mins = (1..=8).rev().map(Span::from_mins);
        let times: Vec<(Cause, Span)> = Cause::ALL.into_iter().zip(mins).collect();
        let scope = CauseScope { name: String::new(), times: times.clone() };
        let parts = scope.parts(&CauseKey::of(times));
        assert_eq!(parts.len(), 7);
        assert_eq!(parts[6], (Paint::Other, "other", Span::from_mins(3)));
        assert_eq!(parts.iter().map(|part| part.2).sum::<Span>(), scope.total());
    }
}
