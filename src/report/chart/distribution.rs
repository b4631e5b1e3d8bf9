//! How many copies are done by when: cumulative share by time since due.

use super::axis::{Scale, Tick, log_secs, n_labels, span_log_ticks, span_ticks, whole};
use super::canvas::{Pen, Place};
use super::panel::{BELOW, Label, Panel, columns, edges, steps};
use super::sheet::Sheet;
use super::{Caption, Drawing, Frame, Verdict};
use crate::report::theme::{Paint, TextStyle, duration, percent, percent_given};
use crate::units::{Span, count};

/// From here on the share axis is stretched.
const STRETCHED_FROM: f64 = 0.9;

/// Most nines that the share axis tells apart.
const NINES_MAX: usize = 5;

/// Above this ratio of the longest to the shortest time, the time axis is logarithmic.
const LINEAR_RATIO_MAX: f64 = 6.0;

/// The share of copies done by a time; it holds until the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareAt {
    /// Time since due.
    pub after: Span,
    /// Share of all copies, 0 to 1: mean of the replications.
    pub share: f64,
    /// Lowest replication, 0 to 1.
    pub lowest: f64,
    /// Highest replication, 0 to 1.
    pub highest: f64,
}

/// What was promised, and what was held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SharePromise {
    /// Limit of the time since due.
    pub limit: Span,
    /// Promised share within the limit, 0 to 1.
    pub promised: f64,
    /// Share within the limit, 0 to 1.
    pub held: f64,
    /// How the promise stands; `None` where it is about other copies as well.
    pub verdict: Option<Verdict>,
}

impl SharePromise {
    fn paint(&self) -> Paint {
        self.verdict.map_or(Paint::Blue, Paint::of)
    }
}

/// Copies of one fleet to one destination.
#[derive(Debug, Clone, PartialEq)]
pub struct DistributionSeries {
    /// Fleet and destination.
    pub name: String,
    /// Copies over all replications.
    pub n_copies: u64,
    /// The shares, in order of time, rising.
    pub shares: Vec<ShareAt>,
    /// The promise, where there is one.
    pub promise: Option<SharePromise>,
    /// The longest time of any copy, where all were done.
    pub last: Option<Span>,
}

/// Cumulative shares over one time axis, a plot for each series.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// The series, from top to bottom.
    pub series: Vec<DistributionSeries>,
}

impl Distribution {
    /// Draws one plot a series; shares above 90 % are stretched so that the tail can be read.
    pub fn draw(&self, caption: &Caption, frame: Frame) -> Drawing {
        let mut sheet = Sheet::new(caption, frame);
        if self.series.is_empty() {
            return sheet.finish_empty();
        }
        let ticks: Vec<Tick> =
            self.series.iter().flat_map(|series| ShareAxis::of(series).ticks()).collect();
        let (left, right) = edges(&sheet, &ticks);
        let time_axis = TimeScale::of(&self.series, (left, right));
        let height = match self.series.len() {
            0..=1 => 250.0,
            2 => 180.0,
            _ => 140.0,
        };
        let mut top = sheet.top;
        for series in &self.series {
            let label = series.label();
            let bottom = if sheet.is_narrow() {
                label.write_above(&mut sheet, top);
                top += label.height_above(&sheet) + 3.0;
                top + height
            } else {
                label.write_beside(&mut sheet, top - 4.0);
                top + f64::max(height, label.height_beside())
            };
            let panel = Panel { x: time_axis.scale, y: Scale::new((0.0, 1.0), (bottom, top)) };
            series.draw(&mut sheet, panel, &time_axis);
            top = bottom + if sheet.is_narrow() { 26.0 } else { 24.0 };
        }
        let bottom = top - 24.0;
        columns(&mut sheet, time_axis.scale, bottom + 16.0, &time_axis.ticks);
        let note = "time since due; the share axis is stretched above 90\u{a0}%";
        let note_top = bottom + BELOW + 12.0;
        let room = sheet.width() - left;
        let style = TextStyle::TICK;
        let used = sheet.paragraph((left, note_top), note, style, (room, 2));
        sheet.finish(note_top + used - 10.0, &self.values())
    }

    fn values(&self) -> Vec<String> {
        let what = "Cumulative share of copies done by time since due.".to_owned();
        std::iter::once(what).chain(self.series.iter().map(DistributionSeries::values)).collect()
    }
}

impl DistributionSeries {
    fn draw(&self, sheet: &mut Sheet, panel: Panel, time_axis: &TimeScale) {
        let share_axis = ShareAxis::of(self);
        let rect = panel.rect();
        let stretched = panel.y.at(share_axis.height(STRETCHED_FROM));
        sheet.mark(
            &super::canvas::Shape::Block((rect.left, rect.top), (rect.right, stretched)),
            &Pen::fill(Paint::Panel).through(0.7),
        );
        panel.rows(sheet, &share_axis.ticks());
        let line = |share: fn(&ShareAt) -> f64| -> Vec<Place> {
            let places = self
                .shares
                .iter()
                .map(|at| (time_axis.value(at.after), share_axis.height(share(at))));
            let from_zero = std::iter::once((time_axis.value(Span::ZERO), 0.0));
            steps(&from_zero.chain(places).collect::<Vec<Place>>(), time_axis.end)
        };
        if !self.shares.is_empty() {
            panel.band(sheet, &line(|at| at.lowest), &line(|at| at.highest), Paint::Blue);
            panel.curve(sheet, &line(|at| at.share), &Pen::stroke(Paint::Blue, 2.0));
        }
        let Some(promise) = self.promise else { return };
        let x = panel.x.at(time_axis.value(promise.limit));
        sheet.line((x, rect.bottom), (x, rect.top - 3.0), &Pen::limit());
        let place = |share: f64| (x, panel.y.at(share_axis.height(share)));
        let asked = percent_given(promise.promised);
        let mut ring = Pen::stroke(Paint::Ink, 2.0).titled(format!("promised: {asked}"));
        ring.fill = Some(Paint::Background);
        sheet.dot(place(promise.promised), 5.0, &ring);
        let held = format!("held: {}", percent(promise.held));
        let pen = Pen::fill(promise.paint()).titled(held);
        sheet.dot(place(promise.held), 5.0, &pen);
    }

    fn values(&self) -> String {
        let reached = |wanted: f64| {
            let at = self.shares.iter().find(|at| wanted <= at.share)?;
            Some(format!("{} after {}", percent_given(wanted), duration(at.after)))
        };
        let notes = self.label().notes.into_iter().map(|(note, _)| note);
        let values: Vec<String> =
            [0.5, 0.9, 1.0].into_iter().filter_map(reached).chain(notes).collect();
        format!("{}, {} copies: {}.", self.name, whole(self.n_copies), values.join(", "))
    }

    /// The numbers of the tail, in words.
    fn label(&self) -> Label {
        let mut notes = Vec::new();
        if let Some(promise) = self.promise {
            let limit = duration(promise.limit);
            let held = format!("{} by {limit}", percent(promise.held));
            let style = match promise.verdict {
                Some(verdict) => TextStyle::STRONG.in_paint(Paint::of(verdict)),
                None => TextStyle::STRONG,
            };
            notes.push((held, style));
            let of = if promise.verdict.is_some() { "promised" } else { "promised over all" };
            let promised = format!("{of}: {}", percent_given(promise.promised));
            notes.push((promised, TextStyle::LABEL));
        }
        if let Some(at) = self.shares.iter().find(|at| 0.99 <= at.share) {
            notes.push((format!("99\u{a0}% by {}", duration(at.after)), TextStyle::NOTE));
        }
        notes.push(match (self.last, self.shares.last()) {
            (Some(last), _) => (format!("the last after {}", duration(last)), TextStyle::NOTE),
            (None, Some(at)) if at.share < 1.0 => {
                (format!("{} not done", percent(1.0 - at.share)), TextStyle::NOTE)
            }
            (None, _) => ("no copies".to_owned(), TextStyle::NOTE),
        });
        Label { name: self.name.clone(), notes }
    }
}

/// The height of shares: linear from 0 to 90 % on a bit more than half of the plot, then a stretch
/// of equal height for each further nine, by the logarithm of what is missing, and a last one,
/// linear again, to 100 %.
struct ShareAxis {
    stops: Vec<(f64, f64)>,
}

impl ShareAxis {
    /// As many nines as the promise has, and one more; at least 99 %. All of them has none.
    fn of(series: &DistributionSeries) -> ShareAxis {
        let promised = series.promise.map_or(0.0, |promise| promise.promised);
        let mut n_nines = 2;
        let mut nines = 0.99;
        while nines - 1e-9 <= promised && promised < 1.0 && n_nines < NINES_MAX {
            n_nines += 1;
            nines = 1.0 - (1.0 - nines) / 10.0;
        }
        let mut stops = vec![(0.0, 0.0), (0.5, 0.3), (STRETCHED_FROM, 0.54)];
        let rise = (1.0 - 0.54) / count(n_nines);
        let mut gap = 1.0 - STRETCHED_FROM;
        for nine in 1..n_nines {
            gap /= 10.0;
            stops.push((1.0 - gap, 0.54 + count(nine) * rise));
        }
        stops.push((1.0, 1.0));
        ShareAxis { stops }
    }

    /// Height of a share, from 0 to 1.
    fn height(&self, share: f64) -> f64 {
        let above = self.stops.iter().position(|stop| share < stop.0);
        let above = above.unwrap_or(self.stops.len() - 1).max(1);
        let (from, to) = (self.stops[above - 1], self.stops[above]);
        let by_nines = STRETCHED_FROM <= from.0 && to.0 < 1.0;
        let way = |share: f64| if by_nines { -libm::log10(1.0 - share) } else { share };
        let passed = (way(share) - way(from.0)) / (way(to.0) - way(from.0));
        from.1 + passed.clamp(0.0, 1.0) * (to.1 - from.1)
    }

    fn ticks(&self) -> Vec<Tick> {
        self.stops
            .iter()
            .map(|&(share, height)| Tick { value: height, label: percent_given(share) })
            .collect()
    }
}

/// The time axis of all series: linear from zero, or logarithmic.
struct TimeScale {
    is_log: bool,
    scale: Scale,
    ticks: Vec<Tick>,
    end: f64,
}

impl TimeScale {
    fn of(series: &[DistributionSeries], px: (f64, f64)) -> TimeScale {
        let first = series
            .iter()
            .filter_map(|series| series.shares.iter().find(|at| 0.002 <= at.highest))
            .map(|at| at.after)
            .min()
            .unwrap_or(Span::ZERO);
        let ends =
            series.iter().filter_map(|series| series.last.or(Some(series.shares.last()?.after)));
        let limits = series.iter().filter_map(|series| series.promise).map(|promise| promise.limit);
        let most = ends.chain(limits).max().unwrap_or(Span::ZERO).max(Span::from_secs(1));
        let is_log = Span::ZERO < first && first.secs() * LINEAR_RATIO_MAX < most.secs();
        if is_log {
            let (from, to) = (first.scale(0.8), most.scale(1.15));
            let scale = Scale::new((log_secs(from), log_secs(to)), px);
            let ticks = span_log_ticks(from, to, n_labels(px.1 - px.0, 56.0));
            TimeScale { is_log, scale, ticks, end: log_secs(to) }
        } else {
            let ticks = span_ticks(most, n_labels(px.1 - px.0, 56.0).min(8));
            let end = ticks.last().map_or(1.0, |tick| tick.value);
            TimeScale { is_log, scale: Scale::new((0.0, end), px), ticks, end }
        }
    }

    fn value(&self, span: Span) -> f64 {
        if self.is_log { log_secs(span) } else { span.secs() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn promised(share: f64) -> DistributionSeries {
        let promise = SharePromise {
            limit: Span::from_mins(1),
            promised: share,
            held: share,
            verdict: Some(Verdict::Yes),
        };
        DistributionSeries {
            name: String::new(),
            n_copies: 1,
            shares: Vec::new(),
            promise: Some(promise),
            last: None,
        }
    }

    /// A promise of 95 % needs no more than 99 %; one of 99.9 % is told apart from what lies above.
    #[test]
    fn the_share_axis_has_a_nine_more_than_the_promise() {
        let labels = |share: f64| -> Vec<String> {
            ShareAxis::of(&promised(share)).ticks().into_iter().map(|tick| tick.label).collect()
        };
        assert_eq!(labels(0.95), ["0 %", "50 %", "90 %", "99 %", "100 %"].map(nbsp));
        assert_eq!(labels(1.0), labels(0.95));
        let strict = ["0 %", "50 %", "90 %", "99 %", "99.9 %", "99.99 %", "100 %"].map(nbsp);
        assert_eq!(labels(0.999), strict);
    }

    fn nbsp(text: &str) -> String {
        text.replace(' ', "\u{a0}")
    }

    /// 25 % is half of the way to 50 % (0.3): 0.15. From 90 % (0.54) to 99 % (0.77) a tenth of what
    /// is missing is lost: at √(0.1 · 0.01) = 0.031623 missing half of the way is passed, 0.655.
    /// 99.5 % is half of the last stretch, from 0.77 to 1: 0.885.
    #[test]
    fn shares_between_ticks_stand_by_what_is_missing() {
        let axis = ShareAxis::of(&promised(0.95));
        assert!((axis.height(0.25) - 0.15).abs() < 1e-9);
        assert!((axis.height(0.968_377) - 0.655).abs() < 1e-5);
        assert!((axis.height(0.995) - 0.885).abs() < 1e-9);
        assert!((axis.height(1.0) - 1.0).abs() < 1e-9);
        assert!(axis.height(0.0).abs() < 1e-9);
    }
}
