//! Stacked bars that add up: parts of an age, or of a bill, and the share on time beside.

use super::axis::{Scale, Tick, n_labels, number_ticks, span_ticks};
use super::canvas::{Pen, Shape};
use super::key::{Swatch, write_key};
use super::named::{Layout, NamedRow, bottom_of, lay_out, names_room, upright};
use super::panel::{BELOW, columns};
use super::sheet::{Anchor, Sheet};
use super::verdicts::draw_shape;
use super::{Caption, Drawing, Frame, Verdict};
use crate::report::theme::{
    NBSP, Paint, TextStyle, duration, percent, percent_given, plain_number,
};
use crate::units::Span;

/// Height of a bar, in px.
const BAR: f64 = 18.0;

/// Width of the plot of shares, and of the words right of it, in px.
const SHARES: f64 = 130.0;
const SHARE_WORDS: f64 = 74.0;

/// How the rows lie, but for where they begin.
const LAYOUT: Layout = Layout { left: 0.0, mark: BAR, beside: 0.0, below: 0.0, gap: 11.0 };

/// What the values of a stack are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StackUnit {
    /// Seconds.
    Time,
    /// US dollars.
    Usd,
}

impl StackUnit {
    /// A value in words.
    pub fn words(self, value: f64) -> String {
        match self {
            StackUnit::Time => duration(Span::from_secs_f64(value.max(0.0))),
            StackUnit::Usd => format!("{}{NBSP}USD", plain_number(value)),
        }
    }

    fn ticks(self, most: f64, n_steps: usize) -> Vec<Tick> {
        match self {
            StackUnit::Time => span_ticks(Span::from_secs_f64(most.max(0.0)), n_steps),
            StackUnit::Usd => number_ticks(most, n_steps),
        }
    }
}

/// A share beside a bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StackShare {
    /// The share, 0 to 1.
    pub share: f64,
    /// How the promise stands, where one is about it.
    pub verdict: Option<Verdict>,
}

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct StackRow {
    /// What it is about.
    pub name: String,
    /// Bold: one that stands out.
    pub is_strong: bool,
    /// Its parts, not negative, in the order of the key.
    pub values: Vec<f64>,
    /// The share beside it.
    pub share: Option<StackShare>,
}

impl StackRow {
    fn total(&self) -> f64 {
        self.values.iter().sum()
    }
}

/// What the shares beside the bars are.
#[derive(Debug, Clone, PartialEq)]
pub struct StackShares {
    /// Their heading: `on time in 40 min`.
    pub heading: String,
    /// The promise, where one is about all of them.
    pub promised: Option<f64>,
}

/// Bars of parts that add up.
#[derive(Debug, Clone, PartialEq)]
pub struct Stacks {
    /// What the bars show: `cost of a run`.
    pub heading: String,
    /// Unit of the values.
    pub unit: StackUnit,
    /// Names and paints of the parts.
    pub parts: Vec<(String, Paint)>,
    /// The bars, from top to bottom.
    pub rows: Vec<StackRow>,
    /// A limit for all bars, with its words.
    pub limit: Option<(f64, String)>,
    /// Shares beside the bars.
    pub shares: Option<StackShares>,
}

impl Stacks {
    /// Draws a bar a row with its total, and the shares beside.
    pub fn draw(&self, caption: &Caption, frame: Frame) -> Drawing {
        let mut sheet = Sheet::new(caption, frame);
        if self.rows.is_empty() {
            return sheet.finish_empty();
        }
        let names = || self.rows.iter().map(|row| row.name.as_str());
        let left = names_room(&sheet, names());
        let mut entries: Vec<(Swatch, String)> =
            self.parts.iter().map(|(name, paint)| (Swatch::Block(*paint), name.clone())).collect();
        entries.extend(self.limit.iter().map(|(_, words)| (Swatch::Limit, words.clone())));
        write_key(&mut sheet, &entries, left);
        let totals = || self.rows.iter().map(StackRow::total);
        let total_room = totals()
            .map(|total| TextStyle::STRONG.width(&self.unit.words(total)))
            .fold(0.0, f64::max)
            + 14.0;
        let beside = if self.shares.is_some() { SHARES + SHARE_WORDS } else { 0.0 };
        let narrow_share = if self.shares.is_some() { 80.0 } else { 10.0 };
        let layout = Layout { left, beside: total_room + narrow_share, ..LAYOUT };
        let right = if sheet.is_narrow() {
            sheet.width() - 14.0
        } else {
            sheet.width() - total_room - beside
        };
        let top = self.write_heads(&mut sheet, left) + 4.0;
        let most = totals().chain(self.limit.iter().map(|limit| limit.0)).fold(0.0, f64::max);
        let ticks = self.unit.ticks(most, n_labels(right - left, 64.0).min(6));
        let end = ticks.last().map_or(1.0, |tick| tick.value);
        let x = Scale::new((0.0, end), (left, right));
        let strong = self.rows.iter().map(|row| (row.name.as_str(), row.is_strong));
        let rows = lay_out(&sheet, top, layout, strong);
        let bottom = bottom_of(&rows, &sheet, layout) + 8.0;
        for tick in &ticks {
            let at = x.at(tick.value);
            let paint = if tick.value <= 0.0 { Paint::Axis } else { Paint::Grid };
            upright(&mut sheet, at, &rows, (top - 4.0, bottom), &Pen::stroke(paint, 1.0));
        }
        for (row, place) in self.rows.iter().zip(&rows) {
            place.write_name(&mut sheet, left);
            self.draw_bar(&mut sheet, x, row, place);
        }
        if let Some((limit, _)) = self.limit {
            upright(&mut sheet, x.at(limit), &rows, (top - 4.0, bottom), &Pen::limit());
        }
        for (row, place) in self.rows.iter().zip(&rows) {
            self.write_total(&mut sheet, x, row, place);
        }
        columns(&mut sheet, x, bottom + 14.0, &ticks);
        if !sheet.is_narrow() {
            self.draw_shares(&mut sheet, &rows, (top, bottom));
        }
        sheet.finish(bottom + BELOW, &self.values())
    }

    /// Writes what bars and shares are; returns where the rows begin.
    fn write_heads(&self, sheet: &mut Sheet, left: f64) -> f64 {
        let style = TextStyle::NOTE;
        let baseline = sheet.top + 10.0;
        let Some(shares) = &self.shares else {
            return sheet.top;
        };
        if sheet.is_narrow() {
            let words = format!("{}; {}", self.heading, shares.heading);
            return sheet.top + sheet.paragraph((0.0, baseline), &words, style, (sheet.width(), 3));
        }
        let at = sheet.width() - SHARES - SHARE_WORDS;
        let room = (at - left - 20.0, 2);
        let lines = sheet.paragraph((left, baseline), &self.heading, style, room);
        let room = (SHARES + SHARE_WORDS, 2);
        lines.max(sheet.paragraph((at, baseline), &shares.heading, style, room)) + sheet.top
    }

    fn draw_bar(&self, sheet: &mut Sheet, x: Scale, row: &StackRow, place: &NamedRow) {
        let mut begin = 0.0;
        for ((name, paint), value) in self.parts.iter().zip(&row.values) {
            let (from, to) = (x.at(begin), x.at(begin + value));
            begin += value;
            if 0.05 <= to - from {
                let title = format!("{}: {name} {}", row.name, self.unit.words(*value));
                let block = Shape::Block((from, place.mark), (to, place.mark + BAR));
                sheet.mark(&block, &Pen::fill(*paint).titled(title));
            }
        }
    }

    /// Writes the total behind the bar, or when narrow at the right of the name with the share.
    fn write_total(&self, sheet: &mut Sheet, x: Scale, row: &StackRow, place: &NamedRow) {
        let style = if row.is_strong || self.shares.is_none() {
            TextStyle::STRONG
        } else {
            TextStyle::LABEL
        };
        let total = self.unit.words(row.total());
        if !sheet.is_narrow() {
            let mut left = x.at(row.total()) + 7.0;
            if let Some(limit) = self.limit.as_ref().map(|(limit, _)| x.at(*limit))
                && (left - 3.0..left + style.width(&total) + 3.0).contains(&limit)
            {
                left = limit + 6.0; // no total stands across the limit
            }
            sheet.text_with_halo((left, place.baseline()), &total, style, Anchor::Start);
            return;
        }
        let share = row.share.map_or(String::new(), |of| format!(" · {}", percent(of.share)));
        let words = format!("{total}{share}");
        let at = (sheet.width(), place.first_baseline(true));
        sheet.text_with_halo(at, &words, style, Anchor::End);
        if let Some(verdict) = row.share.and_then(|share| share.verdict) {
            draw_shape(sheet, verdict, (at.0 - style.width(&words) - 10.0, at.1 - 4.2));
        }
    }

    /// Draws the shares as dots over an axis of their own, with the promise dashed.
    fn draw_shares(&self, sheet: &mut Sheet, rows: &[NamedRow], (top, bottom): (f64, f64)) {
        let Some(shares) = &self.shares else { return };
        let left = sheet.width() - SHARES - SHARE_WORDS;
        let x = Scale::new((0.0, 1.0), (left, left + SHARES));
        let ticks: Vec<Tick> =
            [0.0, 0.5, 1.0].map(|value| Tick { value, label: percent_given(value) }).to_vec();
        for tick in &ticks {
            let at = x.at(tick.value);
            sheet.line((at, top - 4.0), (at, bottom), &Pen::stroke(Paint::Grid, 1.0));
        }
        if let Some(promised) = shares.promised {
            let at = x.at(promised);
            sheet.line((at, top - 4.0), (at, bottom), &Pen::limit());
        }
        for (row, place) in self.rows.iter().zip(rows) {
            let Some(of) = row.share else { continue };
            let style = if row.is_strong { TextStyle::STRONG } else { TextStyle::LABEL };
            let words = percent(of.share);
            let centre = (x.at(of.share), place.mark + BAR / 2.0);
            if let Some(verdict) = of.verdict {
                draw_shape(sheet, verdict, centre);
            } else {
                let title = format!("{}: {words}", row.name);
                sheet.dot(centre, 4.5, &Pen::fill(Paint::Blue).titled(title));
            }
            let at = (sheet.width(), place.baseline());
            sheet.text(at, &words, style, Anchor::End);
        }
        columns(sheet, x, bottom + 14.0, &ticks);
    }

    fn values(&self) -> Vec<String> {
        let row = |row: &StackRow| {
            let part = |((name, _), value): (&(String, Paint), &f64)| {
                format!("{name} {}", self.unit.words(*value))
            };
            let parts: Vec<String> = self.parts.iter().zip(&row.values).map(part).collect();
            let total = self.unit.words(row.total());
            let share = row.share.map_or(String::new(), |share| {
                let word = share
                    .verdict
                    .map_or(String::new(), |verdict| format!(" (kept: {})", verdict.name()));
                format!("; share {}{word}", percent(share.share))
            });
            format!("{}: {}, in all {total}{share}.", row.name, parts.join(", "))
        };
        let what = format!("{}.", self.heading);
        let limit = self.limit.as_ref().map(|(_, words)| format!("The {words}."));
        std::iter::once(what).chain(self.rows.iter().map(row)).chain(limit).collect()
    }
}
