//! How old the newest recovery points get over time.

use super::axis::{Scale, TimeAxis, n_labels, span_ticks};
use super::canvas::{Pen, Place};
use super::key::{Swatch, write_key};
use super::panel::{BELOW, BESIDE, Panel, edges, spread};
use super::sheet::{Anchor, Sheet};
use super::{Caption, Drawing, Frame};
use crate::report::theme::{Paint, TextStyle, duration, wrap};
use crate::units::{Instant, Span, count};

/// The age of recovery points at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeAt {
    /// The moment.
    pub at: Instant,
    /// Mean over replications.
    pub mean: Span,
    /// 5 % quantile over replications.
    pub low: Span,
    /// 95 % quantile over replications.
    pub high: Span,
}

/// Median and worst age of the newest recovery point.
#[derive(Debug, Clone)]
pub struct Rpo {
    /// The time that is shown.
    pub time: TimeAxis,
    /// The words for the median line: `median database`.
    pub median_name: String,
    /// The median volume or application, in order of time.
    pub median: Vec<AgeAt>,
    /// The words for the worst line: `worst of the 60`.
    pub worst_name: String,
    /// The worst volume or application, in order of time.
    pub worst: Vec<AgeAt>,
    /// The promised limit.
    pub limit: Option<Span>,
}

/// A line of ages, with its words and its paint.
struct AgeLine<'a> {
    name: &'a str,
    ages: Vec<AgeAt>,
    paint: Paint,
}

impl Rpo {
    /// Draws both lines with their bands, and the limit dashed.
    pub fn draw(&self, caption: &Caption, frame: Frame) -> Drawing {
        let mut sheet = Sheet::new(caption, frame);
        let lines = [
            self.line(&self.worst_name, &self.worst, Paint::Vermilion),
            self.line(&self.median_name, &self.median, Paint::Blue),
        ];
        if lines.iter().all(|line| line.ages.is_empty()) {
            return sheet.finish_empty();
        }
        if sheet.is_narrow() {
            self.write_narrow_key(&mut sheet, &lines);
        }
        let highest = lines.iter().flat_map(|line| &line.ages).map(|age| age.high.max(age.mean));
        let most = highest.chain(self.limit).max().unwrap_or(Span::ZERO);
        let ticks = span_ticks(most, 6);
        let (left, right) = edges(&sheet, &ticks);
        let (top, bottom) = (sheet.top + 4.0, sheet.top + 254.0);
        let end = ticks.last().map_or(1.0, |tick| tick.value);
        let panel =
            Panel { x: self.time.scale((left, right)), y: Scale::new((0.0, end), (bottom, top)) };
        panel.rows(&mut sheet, &ticks);
        panel.columns(&mut sheet, &self.time.ticks(n_labels(right - left, 66.0)));
        for line in &lines {
            let place = |age: &AgeAt, value: Span| (self.time.secs(age.at), value.secs());
            let low: Vec<Place> = line.ages.iter().map(|age| place(age, age.low)).collect();
            let high: Vec<Place> = line.ages.iter().map(|age| place(age, age.high)).collect();
            panel.band(&mut sheet, &low, &high, line.paint);
        }
        for line in &lines {
            let mean: Vec<Place> =
                line.ages.iter().map(|age| (self.time.secs(age.at), age.mean.secs())).collect();
            let pen = Pen::stroke(line.paint, 2.0).titled(line.name);
            panel.curve(&mut sheet, &mean, &pen);
        }
        if let Some(limit) = self.limit {
            panel.limit(&mut sheet, limit.secs());
        }
        if !sheet.is_narrow() {
            self.write_end_labels(&mut sheet, panel, &lines);
        }
        sheet.finish(bottom + BELOW, &self.values(&lines))
    }

    fn line<'a>(&self, name: &'a str, ages: &[AgeAt], paint: Paint) -> AgeLine<'a> {
        let inside = |age: &&AgeAt| self.time.from <= age.at && age.at <= self.time.to;
        AgeLine { name, ages: ages.iter().filter(inside).copied().collect(), paint }
    }

    fn limit_words(limit: Span) -> String {
        format!("limit {}", duration(limit))
    }

    fn write_narrow_key(&self, sheet: &mut Sheet, lines: &[AgeLine<'_>]) {
        let mut entries: Vec<(Swatch, String)> =
            lines.iter().map(|line| (Swatch::Line(line.paint), line.name.to_owned())).collect();
        if let Some(limit) = self.limit {
            entries.push((Swatch::Limit, Rpo::limit_words(limit)));
        }
        write_key(sheet, &entries, 0.0);
    }

    /// Writes the words at the lines' right ends, moved apart where the ends are close.
    fn write_end_labels(&self, sheet: &mut Sheet, panel: Panel, lines: &[AgeLine<'_>]) {
        let mut labels: Vec<(f64, String, TextStyle)> = Vec::new();
        if let Some(limit) = self.limit {
            let y = panel.y.at(limit.secs());
            labels.push((y, Rpo::limit_words(limit), TextStyle::STRONG));
        }
        for line in lines {
            if let Some(last) = line.ages.last() {
                let style = TextStyle::LABEL.in_paint(line.paint);
                labels.push((panel.y.at(last.mean.secs()), line.name.to_owned(), style));
            }
        }
        let room = BESIDE - 14.0;
        let blocks: Vec<Vec<String>> =
            labels.iter().map(|(_, text, style)| wrap(text, *style, room, 2)).collect();
        let n_lines = blocks.iter().map(Vec::len).max().unwrap_or(1);
        let height = count(n_lines) * TextStyle::LABEL.line_height();
        let wanted: Vec<f64> = labels.iter().map(|label| label.0).collect();
        let rect = panel.rect();
        let centres = spread(&wanted, height, (rect.top - 10.0, rect.bottom + 4.0));
        for ((block, (_, _, style)), centre) in blocks.iter().zip(&labels).zip(centres) {
            let first = centre + 4.0 - (count(block.len()) - 1.0) * style.line_height() / 2.0;
            for (place, text) in block.iter().enumerate() {
                let baseline = first + count(place) * style.line_height();
                let ink = style.in_paint(Paint::Ink);
                sheet.text((rect.right + 12.0, baseline), text, ink, Anchor::Start);
            }
        }
    }

    fn values(&self, lines: &[AgeLine<'_>]) -> Vec<String> {
        let line = |line: &AgeLine<'_>| {
            let oldest = line.ages.iter().max_by_key(|age| age.mean)?;
            let highest = line.ages.iter().map(|age| age.high).max()?;
            Some(format!(
                "{}: at most {} in the mean, at {}, and {} in the 95 % quantile.",
                line.name,
                duration(oldest.mean),
                self.time.words(oldest.at),
                duration(highest)
            ))
        };
        let what = "Age of the newest recovery point over time.".to_owned();
        let limit = self.limit.map(|limit| format!("The limit is {}.", duration(limit)));
        std::iter::once(what).chain(lines.iter().filter_map(line)).chain(limit).collect()
    }
}
