//! Which limit binds: strips over one time axis, each with its own limit.

use super::axis::{Scale, Tick, TimeAxis, n_labels, number_ticks};
use super::canvas::{Pen, Place};
use super::panel::{BELOW, Label, Panel, columns, edges};
use super::sheet::Sheet;
use super::{Caption, Drawing, Frame};
use crate::report::theme::{Paint, TextStyle, plain_number};
use crate::units::{Instant, thousands};

/// A limit is drawn up to so many times the highest level; beyond, it is said.
const LIMIT_IN_SIGHT: f64 = 12.0;

/// Height of a strip, in px.
const HEIGHT: f64 = 62.0;

/// A level at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelAt {
    /// The moment.
    pub at: Instant,
    /// Mean over replications, in the strip's unit, not negative.
    pub mean: f64,
    /// 95 % quantile over replications, in the strip's unit.
    pub p95: f64,
}

/// One level over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Strip {
    /// What is shown, with its place: `Slots in use, us-west-2`.
    pub name: String,
    /// Unit of the levels: `MiB/s`; empty for counts.
    pub unit: String,
    /// The limit, in the same unit.
    pub limit: Option<f64>,
    /// What is to be said: `no capacity stated`; may be empty.
    pub note: String,
    /// The levels, in order of time.
    pub levels: Vec<LevelAt>,
}

/// Strips over one time axis.
#[derive(Debug, Clone)]
pub struct Strips {
    /// The time that is shown.
    pub time: TimeAxis,
    /// The strips, from top to bottom.
    pub strips: Vec<Strip>,
}

impl Strips {
    /// The strips of a queue: copies in flight under their slot limit, and copies that wait.
    pub fn queue(
        time: TimeAxis,
        in_flight: Vec<LevelAt>,
        waiting: Vec<LevelAt>,
        slots: Option<f64>,
    ) -> Strips {
        let strip = |name: &str, limit: Option<f64>, levels: Vec<LevelAt>| Strip {
            name: name.to_owned(),
            unit: String::new(),
            limit,
            note: String::new(),
            levels,
        };
        let strips = vec![
            strip("Copies in flight", slots, in_flight),
            strip("Copies waiting", None, waiting),
        ];
        Strips { time, strips }
    }

    /// Draws each strip with its mean, the band up to its 95 % quantile, and its limit dashed.
    pub fn draw(&self, caption: &Caption, frame: Frame) -> Drawing {
        let mut sheet = Sheet::new(caption, frame);
        if self.strips.is_empty() {
            return sheet.finish_empty();
        }
        let plots: Vec<StripPlot<'_>> =
            self.strips.iter().map(|strip| StripPlot::of(strip, &self.time)).collect();
        let (left, right) = edges(&sheet, plots.iter().flat_map(|plot| &plot.ticks));
        let x = self.time.scale((left, right));
        let mut top = sheet.top;
        let mut bottom = top;
        for plot in &plots {
            let label = plot.label();
            if sheet.is_narrow() {
                label.write_above(&mut sheet, top);
                top += label.height_above(&sheet) + 6.0;
                bottom = top + HEIGHT;
            } else {
                label.write_beside(&mut sheet, top - 5.0);
                bottom = top + f64::max(HEIGHT, label.height_beside() - 6.0);
            }
            let end = plot.ticks.last().map_or(1.0, |tick| tick.value);
            let panel = Panel { x, y: Scale::new((0.0, end), (bottom, top)) };
            plot.draw(&mut sheet, panel, &self.time);
            top = bottom + if sheet.is_narrow() { 18.0 } else { 26.0 };
        }
        let ticks = self.time.ticks(n_labels(right - left, 66.0));
        columns(&mut sheet, x, bottom + 16.0, &ticks);
        let values: Vec<String> = plots.iter().map(|plot| plot.values(&self.time)).collect();
        sheet.finish(bottom + BELOW, &values)
    }
}

/// A strip with what is known of it before it is drawn.
struct StripPlot<'a> {
    strip: &'a Strip,
    levels: Vec<LevelAt>,
    ticks: Vec<Tick>,
    limit_in_sight: Option<f64>,
}

impl<'a> StripPlot<'a> {
    fn of(strip: &'a Strip, time: &TimeAxis) -> StripPlot<'a> {
        let inside = |level: &&LevelAt| time.from <= level.at && level.at <= time.to;
        let levels: Vec<LevelAt> = strip.levels.iter().filter(inside).copied().collect();
        let highest = levels.iter().map(|level| level.p95.max(level.mean)).fold(0.0, f64::max);
        let in_sight = |limit: &f64| *limit <= LIMIT_IN_SIGHT * highest || highest <= 0.0;
        let limit_in_sight = strip.limit.filter(in_sight);
        let most = limit_in_sight.map_or(highest, |limit| limit.max(highest));
        let ticks = number_ticks(most.max(1.0), 2);
        StripPlot { strip, levels, ticks, limit_in_sight }
    }

    fn peak(&self) -> Option<&LevelAt> {
        self.levels.iter().max_by(|one, other| {
            one.mean.total_cmp(&other.mean).then(other.at.cmp(&one.at)) // the first of equals
        })
    }

    fn draw(&self, sheet: &mut Sheet, panel: Panel, time: &TimeAxis) {
        panel.rows(sheet, &self.ticks);
        let line = |level: fn(&LevelAt) -> f64| -> Vec<Place> {
            self.levels.iter().map(|at| (time.secs(at.at), level(at))).collect()
        };
        let mean = line(|at| at.mean);
        panel.band(sheet, &mean, &line(|at| at.p95.max(at.mean)), Paint::Blue);
        panel.curve(sheet, &mean, &Pen::stroke(Paint::Blue, 2.0));
        if let Some(limit) = self.limit_in_sight {
            panel.limit(sheet, limit);
        }
        if let Some(peak) = self.peak() {
            let words = format!("{}, {}", self.with_unit(peak.mean), time.words(peak.at));
            let place = panel.at(time.secs(peak.at), peak.mean);
            sheet.dot(place, 3.0, &Pen::fill(Paint::Blue).titled(words));
        }
    }

    fn with_unit(&self, value: f64) -> String {
        let number = plain_number(value);
        if self.strip.unit.is_empty() {
            number
        } else {
            format!("{number}\u{a0}{}", self.strip.unit)
        }
    }

    fn label(&self) -> Label {
        let name = if self.strip.unit.is_empty() {
            self.strip.name.clone()
        } else {
            format!("{}, {}", self.strip.name, self.strip.unit)
        };
        let mut notes = Vec::new();
        if let Some(limit) = self.strip.limit {
            let above = if self.limit_in_sight.is_none() { ", far above" } else { "" };
            notes.push((format!("limit\u{a0}{}{above}", thousands(limit, 1)), TextStyle::LABEL));
        }
        if let Some(peak) = self.peak() {
            let words = if peak.mean <= 0.0 {
                "always 0".to_owned()
            } else {
                format!("mean peaks at {}", plain_number(peak.mean))
            };
            notes.push((words, TextStyle::NOTE));
        }
        if !self.strip.note.is_empty() {
            notes.push((self.strip.note.clone(), TextStyle::NOTE));
        }
        Label { name, notes }
    }

    fn values(&self, time: &TimeAxis) -> String {
        let peak = self.peak().map(|peak| {
            let p95 = self.levels.iter().map(|level| level.p95).fold(0.0, f64::max);
            let (mean, at) = (self.with_unit(peak.mean), time.words(peak.at));
            format!("mean at most {mean}, at {at}; 95 % quantile at most {}", self.with_unit(p95))
        });
        let limit = match self.strip.limit {
            Some(limit) => format!("limit {}", self.with_unit(limit)),
            None => "no limit".to_owned(),
        };
        let values: Vec<String> = peak.into_iter().chain([limit]).collect();
        format!("{}: {}.", self.strip.name, values.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::super::PlotWidth;
    use super::*;
    use crate::units::Span;

    fn drawn(limit: f64) -> String {
        let from = Instant::ZERO;
        let level = |mins| LevelAt { at: from + Span::from_mins(mins), mean: 10.0, p95: 20.0 };
        let strip = Strip {
            name: "Slots".to_owned(),
            unit: String::new(),
            limit: Some(limit),
            note: String::new(),
            levels: vec![level(0), level(5)],
        };
        let time = TimeAxis { from, to: from + Span::from_mins(5), zone: TimeZone::UTC };
        let caption = Caption { title: String::new(), subtitle: String::new() };
        Strips { time, strips: vec![strip] }.draw(&caption, Frame::page(PlotWidth::Wide)).to_svg()
    }

    /// The highest level is 20: twelve times that is 240, the last limit that is drawn.
    #[test]
    fn a_limit_far_above_the_levels_is_said_and_not_drawn() {
        assert!(drawn(240.0).contains("stroke-dasharray"));
        let far = drawn(241.0);
        assert!(!far.contains("stroke-dasharray") && far.contains("241, far above"), "{far}");
    }
}
