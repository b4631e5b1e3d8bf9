//! Where along one axis of a sweep the promise breaks.

use super::axis::{Scale, share_ticks};
use super::canvas::{Pen, Place, Shape};
use super::panel::{BESIDE, Panel, edges};
use super::sheet::{Anchor, Rect, Sheet, text_rect};
use super::{Caption, Drawing, Frame, Verdict};
use crate::report::theme::{
    Paint, TextStyle, interval, percent, percent_digits, percent_given, wrap,
};
use crate::units::count;

/// Above this ratio of the widest to the narrowest step between positions, the axis is
/// logarithmic, where it can be.
const LINEAR_RATIO_MAX: f64 = 5.0;

/// Radius of a dot, in px: least, where points are close, and most.
const DOT: (f64, f64) = (2.5, 5.0);

/// Space between words and marks, in px: as wide as the rim of words that cross a line.
const AIR: f64 = 2.0;

/// From the top of a narrow plot up to the promise's words where the plot has no room, in px.
const NARROW_PROMISE: f64 = 18.0;

/// One design point.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepPoint {
    /// The axis's value in words: `15 min`, `fifo`.
    pub label: String,
    /// Its number, where the axis is numeric; else points stand at equal distances, unconnected.
    pub at: Option<f64>,
    /// Share that kept the target, 0 to 1.
    pub share: f64,
    /// The share's interval, 0 to 1; `None` where nothing missed.
    pub interval: Option<(f64, f64)>,
    /// How the promise stands here.
    pub verdict: Verdict,
    /// True for the scenario as it was asked.
    pub is_as_asked: bool,
}

/// A target over one axis of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepLine {
    /// What is varied: `longest back-off`.
    pub axis_name: String,
    /// The points, in the order of the sweep; numbers rise.
    pub points: Vec<SweepPoint>,
    /// Share that was promised, 0 to 1.
    pub promised: Option<f64>,
}

impl SweepLine {
    /// Draws dots with intervals; the side that fails is grey, points that fail are vermilion.
    pub fn draw(&self, caption: &Caption, frame: Frame) -> Drawing {
        let mut sheet = Sheet::new(caption, frame);
        if self.points.is_empty() {
            return sheet.finish_empty();
        }
        let ends = || self.points.iter().map(|point| point.interval.unwrap_or((point.share, 1.0)));
        let shares = || self.points.iter().map(|point| point.share).chain(self.promised);
        let low = ends().map(|end| end.0).chain(shares()).fold(1.0, f64::min);
        let high = shares().chain(ends().map(|end| end.1)).fold(0.0, f64::max);
        let ticks = share_ticks((low - 0.03 * (1.0 - low)).max(0.0), high, 5);
        let (left, right) = edges(&sheet, &ticks);
        let top = sheet.top + if sheet.is_narrow() { NARROW_PROMISE + 8.0 } else { 8.0 };
        let bottom = top + 210.0;
        let range = (ticks[0].value, ticks.last().map_or(1.0, |tick| tick.value));
        let y = Scale::new(range, (bottom, top));
        let panel = Panel { x: Scale::new((0.0, 1.0), (left, right)), y };
        let places = self.places((left + 26.0, right - 26.0));
        if let Some(promised) = self.promised {
            let rect = panel.rect();
            let block = Shape::Block((left, y.at(promised)), (right, rect.bottom));
            sheet.mark(&block, &Pen::fill(Paint::Panel));
        }
        panel.rows(&mut sheet, &ticks);
        if let Some(promised) = self.promised {
            panel.limit(&mut sheet, promised);
        }
        let marks = self.marks(y, &places);
        self.draw_points(&mut sheet, y, &marks);
        let below = self.write_values(&mut sheet, bottom, &places);
        self.write_promise(&mut sheet, panel, &marks);
        self.write_shares(&mut sheet, y, &marks);
        let below = self.write_axis_name(&mut sheet, (left, right), (bottom, below));
        sheet.finish(below + 6.0, &self.values())
    }

    /// Where the points stand from left to right, in px.
    fn places(&self, px: (f64, f64)) -> Vec<f64> {
        let numbers: Option<Vec<f64>> = self.points.iter().map(|point| point.at).collect();
        let even: Vec<f64> = (0..self.points.len()).map(count).collect();
        let mut at = numbers.clone().unwrap_or(even);
        let steps: Vec<f64> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let widest = steps.iter().copied().fold(0.0, f64::max);
        let narrowest = steps.iter().copied().fold(f64::MAX, f64::min);
        let is_log = numbers.is_some() && at.first().is_some_and(|first| 0.0 < *first);
        if is_log && narrowest * LINEAR_RATIO_MAX < widest {
            at = at.into_iter().map(libm::log).collect();
        }
        let range = (at.first().copied().unwrap_or(0.0), at.last().copied().unwrap_or(0.0));
        let scale = Scale::new(range, px);
        at.into_iter().map(|value| scale.at(value)).collect()
    }

    /// The marks of the points, known before they are drawn.
    fn marks(&self, y: Scale, places: &[f64]) -> Marks {
        let spacing = places.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::MAX, f64::min);
        let radius = (spacing * 0.35).clamp(DOT.0, DOT.1);
        let is_numeric = self.points.iter().all(|point| point.at.is_some());
        let mut marks = Marks { line: Vec::new(), is_joined: is_numeric, dots: Vec::new(), radius };
        for (point, &x) in self.points.iter().zip(places) {
            let (low, high) = point.interval.unwrap_or((point.share, point.share));
            let (above, below) = (y.at(high.max(point.share)), y.at(low.min(point.share)));
            marks.line.push((x, y.at(point.share)));
            marks.dots.push(Rect {
                left: x - radius,
                right: x + radius,
                top: above - radius,
                bottom: below + radius,
            });
        }
        marks
    }

    fn draw_points(&self, sheet: &mut Sheet, y: Scale, marks: &Marks) {
        if marks.is_joined && 2 <= marks.line.len() {
            sheet.mark(&Shape::Path(marks.line.clone()), &Pen::stroke(Paint::Blue, 2.0));
        }
        for (point, &(x, dot)) in self.points.iter().zip(&marks.line) {
            let (low, high) = point.interval.unwrap_or((point.share, point.share));
            sheet.line((x, y.at(low)), (x, y.at(high)), &Pen::stroke(Paint::Ink, 2.0));
            let title = match point.interval {
                Some((low, high)) => {
                    format!("{}: {} ({})", point.label, percent(point.share), interval(low, high))
                }
                None => format!("{}: {}", point.label, percent(point.share)),
            };
            let mut pen = Pen::fill(Paint::Blue).titled(title);
            match point.verdict {
                Verdict::Yes => {}
                Verdict::No => pen.fill = Some(Paint::No),
                Verdict::NotSure => {
                    pen.fill = Some(Paint::Background);
                    pen.stroke = Some(Paint::NotSure);
                    pen.width = 2.5;
                }
            }
            sheet.dot((x, dot), marks.radius, &pen);
        }
    }

    /// Writes the axis's values below their points: the one as asked and the ends first, others
    /// while they fit; returns the lowest baseline.
    fn write_values(&self, sheet: &mut Sheet, bottom: f64, places: &[f64]) -> f64 {
        let room = (sheet.width() / count(self.points.len().clamp(1, 8))).max(44.0) - 6.0;
        let mut lowest = bottom + 16.0;
        for point_idx in self.by_weight() {
            let (point, x) = (&self.points[point_idx], places[point_idx]);
            let tick = TextStyle::TICK;
            let style = if point.is_as_asked { tick.strong().in_paint(Paint::Ink) } else { tick };
            let lines = wrap(&point.label, style, room, 3);
            let half = lines.iter().map(|line| style.width(line)).fold(0.0, f64::max) / 2.0;
            let centre = x.clamp(half, (sheet.width() - half).max(half));
            let last = bottom + 16.0 + (count(lines.len()) - 1.0) * style.line_height();
            let air = Rect {
                left: (centre - half - 4.0).max(0.0),
                top: bottom + 2.0,
                right: (centre + half + 4.0).min(sheet.width()),
                bottom: last + 3.0,
            };
            if !sheet.is_free(air) {
                continue;
            }
            for (place, line) in lines.iter().enumerate() {
                let baseline = bottom + 16.0 + count(place) * style.line_height();
                sheet.text((centre, baseline), line, style, Anchor::Middle);
            }
            lowest = lowest.max(last);
        }
        lowest
    }

    /// Writes the promise: beside a wide plot; on a narrow one at the end where nothing is.
    fn write_promise(&self, sheet: &mut Sheet, panel: Panel, marks: &Marks) {
        let Some(promised) = self.promised else { return };
        let (rect, y) = (panel.rect(), panel.y.at(promised));
        let label = format!("promised {}", percent_given(promised));
        let style = TextStyle::STRONG;
        if !sheet.is_narrow() {
            let at = (rect.right + 12.0, y + 4.0);
            sheet.text(at, &label, style, Anchor::Start);
            if 26.0 < rect.bottom - y {
                let at = (at.0, f64::midpoint(y, rect.bottom).max(y + 20.0) + 4.0);
                sheet.text(at, "promise broken", TextStyle::NOTE, Anchor::Start);
            }
            return;
        }
        let ends = [(rect.right, Anchor::End), (rect.left + 4.0, Anchor::Start)];
        let mut spots: Vec<(Place, Anchor)> = Vec::new();
        for below in [-5.0, 14.0] {
            spots.extend(ends.map(|(x, anchor)| ((x, y + below), anchor)));
        }
        let inside = |words: Rect| rect.top - 6.0 <= words.top && words.bottom <= rect.bottom;
        let is_good = |spot: &&(Place, Anchor)| {
            let words = text_rect(spot.0, &label, style, spot.1);
            inside(words) && !marks.touch(words) && sheet.is_free(words)
        };
        let above_plot = ((rect.right, rect.top - NARROW_PROMISE), Anchor::End);
        let (at, anchor) = spots.iter().find(is_good).copied().unwrap_or(above_plot);
        sheet.text_with_halo(at, &label, style, anchor);
    }

    /// Writes the shares at their points, the telling ones first, while they touch nothing; one
    /// that repeats its neighbour's digits is left out.
    fn write_shares(&self, sheet: &mut Sheet, y: Scale, marks: &Marks) {
        let style = TextStyle::STRONG;
        let (bottom, top) = y.ends();
        let limit = self.promised.map(|promised| y.at(promised));
        for point_idx in self.by_weight() {
            let text = percent_digits(self.points[point_idx].share);
            let repeats = |other: &SweepPoint| percent_digits(other.share) == text;
            if 3 <= self.weight(point_idx) && repeats(&self.points[point_idx - 1]) {
                continue;
            }
            let (dot, x) = (marks.dots[point_idx], marks.line[point_idx].0);
            let spot = [dot.top - 5.0, dot.bottom + 13.0].into_iter().find(|&baseline| {
                let rect = text_rect((x, baseline), &text, style, Anchor::Middle);
                let crosses = limit.is_some_and(|at| rect.top - 2.0 < at && at < rect.bottom + 2.0);
                let inside = top - 14.0 <= rect.top && rect.bottom <= bottom - 2.0;
                inside && !crosses && !marks.touch(rect) && sheet.is_free(rect)
            });
            if let Some(baseline) = spot {
                sheet.text_with_halo((x, baseline), &text, style, Anchor::Middle);
            }
        }
    }

    /// Points in the order in which they are labelled.
    fn by_weight(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.points.len()).collect();
        order.sort_by_key(|&point_idx| self.weight(point_idx));
        order
    }

    /// How early a point is labelled: as asked (0), the ends (1), at a break (2), the rest (3).
    fn weight(&self, point_idx: usize) -> u8 {
        let last = self.points.len() - 1;
        let kept = |idx: usize| self.points[idx].verdict == Verdict::Yes;
        match point_idx {
            idx if self.points[idx].is_as_asked => 0,
            idx if idx == 0 || idx == last => 1,
            idx if kept(idx) != kept(idx - 1) || kept(idx) != kept(idx + 1) => 2,
            _ => 3,
        }
    }

    /// Writes the axis's name: beside a wide plot, below a narrow one; returns the lowest baseline.
    fn write_axis_name(
        &self,
        sheet: &mut Sheet,
        (left, right): (f64, f64),
        (bottom, lowest): (f64, f64),
    ) -> f64 {
        let has_asked = self.points.iter().any(|point| point.is_as_asked);
        let style = TextStyle::NOTE;
        if sheet.is_narrow() {
            let asked = if has_asked { "; bold: as asked" } else { "" };
            let name = format!("{}{asked}", self.axis_name);
            let at = (left, lowest + 18.0);
            let room = sheet.width() - left;
            return at.1 + sheet.paragraph(at, &name, style, (room, 2)) - style.line_height();
        }
        let at = (right + 14.0, bottom + 16.0);
        let room = (BESIDE - 14.0, 2);
        lowest.max(at.1 + sheet.paragraph(at, &self.axis_name, style, room) - style.line_height())
    }

    fn values(&self) -> Vec<String> {
        let point = |point: &SweepPoint| {
            let word = point.verdict.name();
            format!("{}: {} ({word})", point.label, percent(point.share))
        };
        let points: Vec<String> = self.points.iter().map(point).collect();
        let shares = format!("Share by {}: {}.", self.axis_name, points.join(", "));
        let promise = self.promised.map(|share| format!("Promised: {}.", percent_given(share)));
        std::iter::once(shares).chain(promise).collect()
    }
}

/// Where the points are drawn, in px.
struct Marks {
    line: Vec<Place>,
    is_joined: bool,
    dots: Vec<Rect>,
    radius: f64,
}

impl Marks {
    /// True where a dot, an interval, or the line between points lies in `rect`.
    fn touch(&self, rect: Rect) -> bool {
        let air = Rect {
            left: rect.left - AIR,
            top: rect.top - AIR,
            right: rect.right + AIR,
            bottom: rect.bottom + AIR,
        };
        let crosses = |pair: &[Place]| self.is_joined && air.is_crossed(pair[0], pair[1]);
        self.dots.iter().any(|dot| dot.overlaps(air)) || self.line.windows(2).any(crosses)
    }
}

#[cfg(test)]
mod tests {
    use super::super::PlotWidth;
    use super::*;

    fn point(label: &str, at: Option<f64>, share: f64, verdict: Verdict) -> SweepPoint {
        let label = label.to_owned();
        SweepPoint { label, at, share, interval: None, verdict, is_as_asked: false }
    }

    fn sweep(points: Vec<SweepPoint>) -> SweepLine {
        SweepLine { axis_name: "axis".to_owned(), points, promised: Some(0.95) }
    }

    /// Between two words lies nothing that a line could show.
    #[test]
    fn points_without_numbers_are_not_joined() {
        let caption = Caption { title: String::new(), subtitle: String::new() };
        let frame = Frame::page(PlotWidth::Wide);
        let drawn = |at: [Option<f64>; 2]| {
            let points = at.map(|at| point("x", at, 0.97, Verdict::Yes)).to_vec();
            sweep(points).draw(&caption, frame).to_svg()
        };
        assert!(drawn([Some(1.0), Some(2.0)]).contains("s-blue"));
        assert!(!drawn([None, None]).contains("s-blue"));
    }

    /// Steps 1, 2, 4, 8 (widest to narrowest: 8 > 5) go by their logarithm: equal distances. Steps
    /// 1, 1, 4 (4 < 5) stay as they are: thirds of 6 at 1/6 and 2/6 of the way.
    #[test]
    fn numbers_far_apart_go_by_their_logarithm() {
        let places = |numbers: &[f64]| {
            let points = numbers.iter().map(|&n| point("x", Some(n), 0.9, Verdict::No)).collect();
            sweep(points).places((0.0, 60.0))
        };
        let near = |one: &[f64], other: &[f64]| {
            one.iter().zip(other).all(|(one, other)| (one - other).abs() < 1e-9)
        };
        assert!(near(&places(&[1.0, 2.0, 4.0, 8.0, 16.0]), &[0.0, 15.0, 30.0, 45.0, 60.0]));
        assert!(near(&places(&[1.0, 2.0, 3.0, 7.0]), &[0.0, 10.0, 20.0, 60.0]));
    }

    /// The break lies between the third and the fourth point; the ends come first.
    #[test]
    fn the_points_at_the_break_are_labelled_before_the_rest() {
        let verdicts =
            [Verdict::Yes, Verdict::Yes, Verdict::Yes, Verdict::No, Verdict::No, Verdict::No];
        let points = verdicts.map(|verdict| point("x", None, 0.9, verdict)).to_vec();
        assert_eq!(sweep(points).by_weight(), [0, 5, 2, 3, 1, 4]);
    }
}
