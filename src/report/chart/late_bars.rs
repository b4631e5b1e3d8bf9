//! What makes copies late: the share that is, as it is and with one limit lifted at a time.

use std::fmt::Write;

use super::axis::{Scale, n_labels, zero_share_ticks};
use super::canvas::{Pen, Shape};
use super::named::{Layout, NamedRow, bottom_of, lay_out, names_room, upright};
use super::panel::{BELOW, columns};
use super::sheet::{Anchor, Sheet};
use super::verdicts::draw_shape;
use super::{Caption, Drawing, Frame, Verdict};
use crate::report::theme::{Paint, TextStyle, ellipsize, percent};

/// Why writing cannot fail.
const WRITES: &str = "a string takes what is written to it";

/// Height of a bar, in px.
const BAR: f64 = 18.0;

/// How the rows lie, but for where they begin.
const LAYOUT: Layout = Layout { left: 0.0, mark: BAR, beside: 4.0, below: 20.0, gap: 10.0 };

/// One bar: the copies that are late with one limit lifted.
#[derive(Debug, Clone, PartialEq)]
pub struct LateBar {
    /// What was lifted: `No slot limit`.
    pub name: String,
    /// Share of the copies due that break a promise, 0 to 1.
    pub late: f64,
    /// What that is in copies, against as it is: `−57 a run`; empty for as it is.
    pub difference: String,
    /// The 95 % interval of the difference of the shares; none where all runs differ by the same.
    pub interval: Option<(f64, f64)>,
    /// Whether this is the scenario as it is.
    pub is_as_it_is: bool,
    /// Whether the difference is more than chance.
    pub matters: bool,
    /// What the target's share would be, and whether that reaches the promise.
    pub target: Option<(f64, bool)>,
}

/// The share of late copies as it is, and without each limit.
#[derive(Debug, Clone, PartialEq)]
pub struct LateBars {
    /// The bars, from top to bottom.
    pub bars: Vec<LateBar>,
    /// Whose share each bar has at its right.
    pub target: Option<String>,
    /// The share that may be late, where the promise says so of all copies.
    pub allowed: Option<(f64, String)>,
}

impl LateBars {
    /// Draws a bar each; shorter is better.
    pub fn draw(&self, caption: &Caption, frame: Frame) -> Drawing {
        let mut sheet = Sheet::new(caption, frame);
        if self.bars.is_empty() {
            return sheet.finish_empty();
        }
        let names = || self.bars.iter().map(|bar| bar.name.as_str());
        let left = names_room(&sheet, names());
        let layout = Layout { left, ..LAYOUT };
        let target = if sheet.is_narrow() { 0.0 } else { self.target_room() };
        let right = sheet.width() - self.values_room(sheet.is_narrow()) - target;
        let top = self.write_heads(&mut sheet, target);
        let most = self.bars.iter().map(|bar| bar.late).fold(0.0, f64::max);
        let allowed = self.allowed.as_ref().map(|allowed| allowed.0);
        let most = allowed.filter(|share| *share <= 2.0 * most).map_or(most, |of| of.max(most));
        let ticks = zero_share_ticks(most, n_labels(right - left, 64.0).min(5));
        let end = ticks.last().map_or(1.0, |tick| tick.value);
        let x = Scale::new((0.0, end), (left, right));
        let strong = names().zip(&self.bars).map(|(name, bar)| (name, bar.is_as_it_is));
        let rows = lay_out(&sheet, top, layout, strong);
        let bottom = bottom_of(&rows, &sheet, layout) + 6.0;
        for tick in &ticks {
            let at = x.at(tick.value);
            let paint = if tick.value <= 0.0 { Paint::Axis } else { Paint::Grid };
            upright(&mut sheet, at, &rows, (top - 4.0, bottom), &Pen::stroke(paint, 1.0));
        }
        for (bar, row) in self.bars.iter().zip(&rows) {
            row.write_name(&mut sheet, left);
            let target = self.target.as_ref().map(|_| target);
            bar.draw(&mut sheet, x, row, (allowed, target));
        }
        if let Some(share) = allowed.filter(|share| *share <= end) {
            upright(&mut sheet, x.at(share), &rows, (top - 6.0, bottom), &Pen::limit());
        }
        columns(&mut sheet, x, bottom + 14.0, &ticks);
        sheet.finish(bottom + BELOW, &self.values())
    }

    /// Room from a bar's end for its value, and when wide for its difference.
    fn values_room(&self, is_narrow: bool) -> f64 {
        let room = |bar: &LateBar| {
            let value = TextStyle::STRONG.width(&percent(bar.late));
            // a value that would stand across the limit moves behind it
            let value = if self.allowed.is_some() { 2.0 * value + 16.0 } else { value };
            let beside = if is_narrow { 0.0 } else { TextStyle::NOTE.width(&bar.difference) + 8.0 };
            6.0 + value + beside + 8.0
        };
        self.bars.iter().map(room).fold(0.0, f64::max)
    }

    /// Room right of wide bars for the target.
    fn target_room(&self) -> f64 {
        let words = self.bars.iter().filter_map(LateBar::target_words);
        let widths = words.map(|(_, words)| TextStyle::LABEL.width(&words) + 34.0);
        if self.target.is_some() { widths.fold(130.0, f64::max) } else { 0.0 }
    }

    /// Writes what the columns are; returns where the rows begin.
    fn write_heads(&self, sheet: &mut Sheet, room: f64) -> f64 {
        let style = TextStyle::NOTE;
        let mut lines = 0.0;
        let baseline = sheet.top + 10.0;
        if let Some(target) = &self.target {
            let (left, width, n_lines, words) = if sheet.is_narrow() {
                (0.0, sheet.width(), 2, format!("then: {target}"))
            } else {
                let left = sheet.width() - room + 14.0;
                (left, room - 14.0, 3, target.clone())
            };
            lines = sheet.paragraph((left, baseline), &words, style, (width, n_lines));
        }
        if let Some((_, words)) = &self.allowed {
            let free = sheet.width() - if sheet.is_narrow() { 0.0 } else { room };
            let words = ellipsize(&format!("dashed: {words}"), style, free - 10.0);
            let at = (0.0, baseline + if sheet.is_narrow() { lines } else { 0.0 });
            sheet.text(at, &words, style, Anchor::Start);
            lines =
                if sheet.is_narrow() { lines } else { 0.0_f64.max(lines - style.line_height()) };
            lines += style.line_height();
        }
        sheet.top + lines + 8.0
    }

    fn values(&self) -> Vec<String> {
        let bar = |bar: &LateBar| {
            let mut words = format!("{}: {}", bar.name, percent(bar.late));
            if !bar.difference.is_empty() {
                write!(words, " ({})", bar.difference).expect(WRITES);
            }
            if let Some((share, reaches)) = bar.target {
                let reaches = if reaches { "reaches" } else { "misses" };
                let share = percent(share);
                write!(words, ", the target {reaches} its promise with {share}").expect(WRITES);
            }
            format!("{words}.")
        };
        let what = "Share of the copies due that break a promise.".to_owned();
        std::iter::once(what).chain(self.bars.iter().map(bar)).collect()
    }
}

impl LateBar {
    fn paint(&self) -> Paint {
        match (self.is_as_it_is, self.matters) {
            (true, _) => Paint::Vermilion,
            (false, true) => Paint::Blue,
            (false, false) => Paint::Reference,
        }
    }

    fn draw(
        &self,
        sheet: &mut Sheet,
        x: Scale,
        row: &NamedRow,
        (allowed, target): (Option<f64>, Option<f64>),
    ) {
        let (from, to) = (x.at(0.0), x.at(self.late).max(x.at(0.0) + 1.0));
        let pen = Pen::fill(self.paint()).titled(format!("{}: {}", self.name, percent(self.late)));
        sheet.mark(&Shape::Block((from, row.mark), (to, row.mark + BAR)), &pen);
        let value = percent(self.late);
        let style = TextStyle::STRONG;
        let mut left = to + 6.0;
        if let Some(limit) = allowed.map(|share| x.at(share))
            && (left - 3.0..left + style.width(&value) + 3.0).contains(&limit)
        {
            left = limit + 6.0; // no value stands across the limit
        }
        sheet.text_with_halo((left, row.baseline()), &value, style, Anchor::Start);
        let after = left + style.width(&value) + 8.0;
        if sheet.is_narrow() {
            let below = row.mark + BAR + 14.0;
            sheet.text((0.0, below), &self.difference, TextStyle::NOTE, Anchor::Start);
            let indent = match self.difference.as_str() {
                "" => 0.0,
                words => TextStyle::NOTE.width(words) + 12.0,
            };
            if target.is_some() {
                self.write_target(sheet, (indent, below));
            }
        } else {
            sheet.text((after, row.baseline()), &self.difference, TextStyle::NOTE, Anchor::Start);
            if let Some(room) = target {
                self.write_target(sheet, (sheet.width() - room + 14.0, row.baseline()));
            }
        }
    }

    /// The target's share, with a shape and a word.
    fn write_target(&self, sheet: &mut Sheet, at: (f64, f64)) {
        let Some((verdict, words)) = self.target_words() else { return };
        draw_shape(sheet, verdict, (at.0 + 5.0, at.1 - 4.2));
        sheet.text((at.0 + 15.0, at.1), &words, TextStyle::LABEL, Anchor::Start);
    }

    fn target_words(&self) -> Option<(Verdict, String)> {
        let (share, reaches) = self.target?;
        let (verdict, word) =
            if reaches { (Verdict::Yes, "reached") } else { (Verdict::No, "missed") };
        Some((verdict, format!("{}, {word}", percent(share))))
    }
}
