//! Copies over time by cause: one bar a copy.

use super::axis::{Scale, TimeAxis, n_labels};
use super::canvas::{Pen, Shape};
use super::key::{CauseKey, write_key};
use super::panel::{BELOW, columns};
use super::sheet::{Anchor, Sheet};
use super::{Caption, Drawing, Frame};
use crate::catalog::Cause;
use crate::report::cause;
use crate::report::theme::{Paint, TextStyle, duration, ellipsize, wrap};
use crate::units::{Instant, count, thousands};

/// Height of a bar and distance to the next, in px: a time-based copy, a standard copy.
const TIME_BASED: (f64, f64) = (6.0, 7.0);
const STANDARD: (f64, f64) = (2.0, 3.0);

/// Above this height, in px, rows come closer than they should.
const ROWS_HEIGHT_MAX: f64 = 1000.0;

/// Below this height, in px, a few copies have thicker bars, so many times at most.
const ROWS_HEIGHT_MIN: f64 = 240.0;
const THICKER_MAX: f64 = 3.0;

/// Most lines of a group's name, and of its note, beside wide bars.
const NAME_LINES_MAX: usize = 3;
const NOTE_LINES_MAX: usize = 2;

/// Room left of wide bars for the groups' names, in px.
const NAMES: f64 = 92.0;

/// A stretch of one copy's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyPart {
    /// What the time went into.
    pub cause: Cause,
    /// Its begin.
    pub from: Instant,
    /// Its end, not before its begin.
    pub to: Instant,
}

/// One copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyBar {
    /// Volume and destination, as the reader knows them.
    pub name: String,
    /// Time-based copies are drawn thicker.
    pub is_time_based: bool,
    /// Its life in order of time.
    pub parts: Vec<CopyPart>,
}

impl CopyBar {
    fn end(&self) -> Instant {
        self.parts.last().map_or(Instant::ZERO, |part| part.to)
    }

    fn size(&self) -> (f64, f64) {
        if self.is_time_based { TIME_BASED } else { STANDARD }
    }
}

/// A moment by which a group's copies were promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPromise {
    /// The moment.
    pub at: Instant,
    /// The promise in words: `40 min promised`.
    pub label: String,
}

/// Copies of one fleet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyGroup {
    /// Name of the fleet.
    pub name: String,
    /// What its copies have in common: `15 min`, `standard`.
    pub note: String,
    /// How many copies it has; those that are not drawn are counted, too.
    pub n_copies: usize,
    /// The copies that are drawn, in any order; about 200 at most, over all groups.
    pub copies: Vec<CopyBar>,
    /// The promise, where one moment tells it.
    pub promise: Option<GroupPromise>,
}

impl CopyGroup {
    /// Height of the words beside wide bars, in px.
    fn names_height(&self) -> f64 {
        let n_lines = |text: &str, style, most| wrap(text, style, NAMES - 10.0, most).len();
        let name = n_lines(&self.name, TextStyle::STRONG, NAME_LINES_MAX);
        let note = n_lines(&self.note, TextStyle::NOTE, NOTE_LINES_MAX);
        count(name + 1 + note) * TextStyle::LABEL.line_height()
    }

    fn write_name(&self, sheet: &mut Sheet, place: GroupPlace) {
        let noun = if self.n_copies == 1 { "copy" } else { "copies" };
        let n_all = thousands(count(self.n_copies), 0);
        let n_copies = if self.copies.len() == self.n_copies {
            format!("{n_all}\u{a0}{noun}")
        } else {
            format!("{} of {n_all}", thousands(count(self.copies.len()), 0))
        };
        if sheet.is_narrow() {
            let notes = format!("{n_copies}, {}", self.note);
            let notes = ellipsize(&notes, TextStyle::NOTE, sheet.width() / 2.0);
            let room = sheet.width() - TextStyle::NOTE.width(&notes) - 10.0;
            let name = ellipsize(&self.name, TextStyle::STRONG, room);
            let after = TextStyle::STRONG.width(&name) + 8.0;
            sheet.text((0.0, place.top + 11.0), &name, TextStyle::STRONG, Anchor::Start);
            sheet.text((after, place.top + 11.0), &notes, TextStyle::NOTE, Anchor::Start);
            return;
        }
        let room = NAMES - 10.0;
        let mut baseline = place.bars + 9.0;
        for (text, style, n_lines) in [
            (&self.name, TextStyle::STRONG, NAME_LINES_MAX),
            (&n_copies, TextStyle::NOTE, 1),
            (&self.note, TextStyle::NOTE, NOTE_LINES_MAX),
        ] {
            baseline += sheet.paragraph((0.0, baseline), text, style, (room, n_lines));
        }
    }
}

/// Copies over time by cause.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// The time that is shown; what lies outside is cut off.
    pub time: TimeAxis,
    /// The fleets, from top to bottom.
    pub groups: Vec<CopyGroup>,
}

impl Timeline {
    /// Draws one bar a copy, sorted by end within its group, with a key in order of life.
    pub fn draw(&self, caption: &Caption, frame: Frame) -> Drawing {
        let mut sheet = Sheet::new(caption, frame);
        if self.groups.is_empty() {
            return sheet.finish_empty();
        }
        let left = if sheet.is_narrow() { 0.0 } else { NAMES };
        let copies = || self.groups.iter().flat_map(|group| &group.copies);
        let key = CauseKey::of(
            copies()
                .flat_map(|copy| &copy.parts)
                .map(|part| (part.cause, part.to.since_or_zero(part.from))),
        );
        write_key(&mut sheet, &key.entries(), left);
        let full: f64 = copies().map(|copy| copy.size().1).sum();
        let rows =
            Rows { x: self.time.scale((left, sheet.width() - 2.0)), stretch: stretch(full), key };
        let layout = self.lay_out(&sheet, &rows);
        let bottom = layout.last().map_or(sheet.top, |group| group.bottom) + 6.0;
        self.draw_grid(&mut sheet, rows.x, bottom);
        for (group, place) in self.groups.iter().zip(&layout) {
            self.draw_group(&mut sheet, &rows, group, *place);
        }
        sheet.finish(bottom + BELOW, &self.values())
    }

    fn draw_grid(&self, sheet: &mut Sheet, x: Scale, bottom: f64) {
        let ticks = self.time.ticks(n_labels(x.ends().1 - x.ends().0, 66.0));
        for tick in &ticks {
            let at = x.at(tick.value);
            sheet.line((at, sheet.top), (at, bottom), &Pen::stroke(Paint::Grid, 1.0));
        }
        sheet.line((x.ends().0, bottom), (x.ends().1, bottom), &Pen::stroke(Paint::Axis, 1.0));
        columns(sheet, x, bottom + 16.0, &ticks);
    }

    /// Where each group begins, where its bars begin, and where it ends.
    fn lay_out(&self, sheet: &Sheet, rows: &Rows) -> Vec<GroupPlace> {
        let mut top = sheet.top + 4.0;
        let mut layout = Vec::new();
        for group in &self.groups {
            let line = TextStyle::LABEL.line_height();
            let heading = if sheet.is_narrow() { line + 4.0 } else { 0.0 };
            let promise = if group.promise.is_some() { line + 2.0 } else { 0.0 };
            let bars = top + heading + promise;
            let height: f64 = group.copies.iter().map(|copy| copy.size().1 * rows.stretch).sum();
            let names = if sheet.is_narrow() { 0.0 } else { promise + group.names_height() };
            let bottom = (bars + height).max(top + names);
            layout.push(GroupPlace { top, bars, bottom });
            top = bottom + 20.0;
        }
        layout
    }

    fn draw_group(&self, sheet: &mut Sheet, rows: &Rows, group: &CopyGroup, place: GroupPlace) {
        group.write_name(sheet, place);
        let mut copies: Vec<&CopyBar> = group.copies.iter().collect();
        copies.sort_by(|one, other| one.end().cmp(&other.end()).then(one.name.cmp(&other.name)));
        let mut y = place.bars;
        for copy in copies {
            let (height, pitch) = copy.size();
            self.draw_copy(sheet, rows, copy, (y, y + height * rows.stretch));
            y += pitch * rows.stretch;
        }
        if let Some(promise) = &group.promise {
            let x = rows.x.at(self.time.secs(promise.at));
            let top = place.bars - 4.0;
            sheet.line((x, top - 12.0), (x, y.max(place.bars + 12.0)), &Pen::limit());
            let room = sheet.width();
            let label = ellipsize(&promise.label, TextStyle::STRONG, room / 2.0);
            let fits_right = x + 6.0 + TextStyle::STRONG.width(&label) <= room;
            let (at, anchor) =
                if fits_right { (x + 6.0, Anchor::Start) } else { (x - 6.0, Anchor::End) };
            sheet.text_with_halo((at, top - 3.0), &label, TextStyle::STRONG, anchor);
        }
    }

    fn draw_copy(&self, sheet: &mut Sheet, rows: &Rows, copy: &CopyBar, (top, bottom): (f64, f64)) {
        let mut blocks: Vec<(Paint, f64, f64)> = Vec::new();
        for part in &copy.parts {
            let from = rows.x.at(self.time.secs(part.from));
            let to = rows.x.at(self.time.secs(part.to));
            let paint = rows.key.paint(part.cause);
            match blocks.last_mut() {
                Some((last, _, end)) if *last == paint && (from - *end).abs() < 0.05 => *end = to,
                _ => blocks.push((paint, from, to)),
            }
        }
        blocks.retain(|(_, from, to)| 0.05 <= to - from);
        if blocks.is_empty() {
            return;
        }
        sheet.open_group(&self.title_of(copy));
        for (paint, from, to) in blocks {
            sheet.mark(&Shape::Block((from, top), (to, bottom)), &Pen::fill(paint));
        }
        sheet.close_group();
    }

    fn title_of(&self, copy: &CopyBar) -> String {
        let parts = copy.parts.iter().map(|part| {
            let took = part.to.since_or_zero(part.from);
            format!("{} {}", cause::label(part.cause), duration(took))
        });
        let done = format!("{}, ended {}", copy.name, self.time.words(copy.end()));
        std::iter::once(done).chain(parts).collect::<Vec<String>>().join("; ")
    }

    fn values(&self) -> Vec<String> {
        let group = |group: &CopyGroup| {
            let ends = || group.copies.iter().map(CopyBar::end);
            let (first, last) = (self.time.words(ends().min()?), self.time.words(ends().max()?));
            let n_copies = group.n_copies;
            Some(format!("{}: {n_copies} copies, ended from {first} to {last}.", group.name))
        };
        let what = "Copies over time by cause.".to_owned();
        std::iter::once(what).chain(self.groups.iter().filter_map(group)).collect()
    }
}

/// By what the height of rows is multiplied that would take `full` px.
fn stretch(full: f64) -> f64 {
    let wanted = if full < ROWS_HEIGHT_MIN { ROWS_HEIGHT_MIN } else { full.min(ROWS_HEIGHT_MAX) };
    (wanted / full.max(1.0)).min(THICKER_MAX)
}

/// How rows are drawn.
struct Rows {
    x: Scale,
    stretch: f64,
    key: CauseKey,
}

/// Where a group stands, in px.
#[derive(Clone, Copy)]
struct GroupPlace {
    top: f64,
    bars: f64,
    bottom: f64,
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::super::PlotWidth;
    use super::*;
    use crate::units::Span;

    fn mins(mins: u64) -> Instant {
        Instant::ZERO + Span::from_mins(mins)
    }

    fn copy(name: &str, ends: &[u64]) -> CopyBar {
        let mut from = mins(0);
        let mut parts = Vec::new();
        for &end in ends {
            parts.push(CopyPart { cause: Cause::Paced, from, to: mins(end) });
            from = mins(end);
        }
        CopyBar { name: name.to_owned(), is_time_based: true, parts }
    }

    fn drawn(copies: Vec<CopyBar>) -> String {
        let (name, n_copies) = ("g".to_owned(), copies.len());
        let group = CopyGroup { name, note: String::new(), n_copies, copies, promise: None };
        let time = TimeAxis { from: mins(0), to: mins(60), zone: TimeZone::UTC };
        let caption = Caption { title: String::new(), subtitle: String::new() };
        let timeline = Timeline { time, groups: vec![group] };
        timeline.draw(&caption, Frame::page(PlotWidth::Wide)).to_svg()
    }

    /// 10 rows of 7 px are 70: three times that is less than 240. 100 rows are 700: as they are.
    /// 200 rows are 1,400: they come closer, to 1,000.
    #[test]
    fn few_rows_are_thicker_and_many_are_closer() {
        assert!((stretch(70.0) - 3.0).abs() < 1e-9);
        assert!((stretch(120.0) - 2.0).abs() < 1e-9);
        assert!((stretch(700.0) - 1.0).abs() < 1e-9);
        assert!((stretch(1400.0) - 1000.0 / 1400.0).abs() < 1e-9);
    }

    #[test]
    fn the_order_of_copies_in_the_data_does_not_show() {
        let (early, late) = (copy("b", &[10]), copy("a", &[20]));
        let svg = drawn(vec![late.clone(), early.clone()]);
        assert_eq!(svg, drawn(vec![early, late]));
        assert!(svg.find("<title>b, ").unwrap() < svg.find("<title>a, ").unwrap(), "{svg}");
    }

    /// The key's swatch is one block, the bar another: three parts of one cause make no more.
    #[test]
    fn neighbours_of_one_cause_are_one_block() {
        assert_eq!(drawn(vec![copy("a", &[5, 9, 20])]).matches("<rect").count(), 2);
    }

    /// The axis is an hour long and 666 px wide, from 92 to 758: minute 90 lies past its end.
    #[test]
    fn what_lies_past_the_axis_is_cut_off() {
        let svg = drawn(vec![copy("a", &[90])]);
        assert!(svg.contains("<rect x=\"92\"") && svg.contains("width=\"666\""), "{svg}");
    }
}
