//! Every chart with realistic and with nasty data, at both widths, checked for its layout.

mod fair;
mod fair_more;
mod nasty;
mod nasty_more;

use std::collections::BTreeMap;

use crate::report::chart::*;

/// A chart, ready to be drawn on any frame.
pub(super) type Trial = Box<dyn Fn(Frame) -> Drawing>;

fn caption(title: &str, subtitle: &str) -> Caption {
    Caption { title: title.to_owned(), subtitle: subtitle.to_owned() }
}

fn add<T: 'static>(
    trials: &mut BTreeMap<String, Trial>,
    name: &str,
    (fair, nasties): (Vec<(&str, &str, T)>, Vec<T>),
    draw: fn(&T, &Caption, Frame) -> Drawing,
) {
    for (place, (title, subtitle, chart)) in fair.into_iter().enumerate() {
        let caption = caption(title, subtitle);
        let trial: Trial = Box::new(move |frame| draw(&chart, &caption, frame));
        trials.insert(format!("{name}-{place}"), trial);
    }
    for (place, chart) in nasties.into_iter().enumerate() {
        let trial: Trial = Box::new(move |frame| draw(&chart, &nasty::caption(), frame));
        trials.insert(format!("{name}-nasty-{place}"), trial);
    }
}

/// All charts by name.
pub(super) fn trials() -> BTreeMap<String, Trial> {
    const RUNS: &str = "enterprise-dr · seed 1 · 60 databases, n = 302,400 copies · line: mean of 30 \
                        runs, band: lowest to highest run";
    const DAY: &str = "enterprise-dr · seed 1, run 0 · us-west-2, Tuesday, UTC · 5-min bins, n = 30 \
                       runs, band up to the 95 % quantile";
    const SWEEP: &str = "enterprise-dr sweep · seed 1, 42 points × 4 runs · share of databases \
                         across within 40 min, mean and 95 % interval";
    let mut all = BTreeMap::new();
    let title = "All 20 slots are taken by 07:06; eleven databases wait, and some sleep on when \
                 slots are free again";
    add(
        &mut all,
        "timeline",
        (vec![(title, DAY, fair::timeline())], nasty::timelines()),
        Timeline::draw,
    );
    let titles =
        ["Two thirds arrive within 30 min, then the back-off stretches the rest to 50 min"; 2];
    let fair =
        titles.into_iter().zip(fair::distributions()).map(|(title, chart)| (title, RUNS, chart));
    add(&mut all, "distribution", (fair.collect(), nasty::distributions()), Distribution::draw);
    let title =
        "Recovery points age to 80 min as a rule; only the largest database passes two hours";
    add(&mut all, "rpo", (vec![(title, DAY, fair::rpo())], nasty::rpos()), Rpo::draw);
    let title =
        "The 20 slots are full every hour; the quota, even at its 95 % quantile, is 35 % used";
    add(&mut all, "limits", (vec![(title, DAY, fair::limits())], nasty::strips()), Strips::draw);
    let title = "Four slots for every five databases keep the promise: 20 slots carry 25, not 30";
    add(
        &mut all,
        "heatmap",
        (vec![(title, SWEEP, fair::heatmap())], nasty::heatmaps()),
        Heatmap::draw,
    );
    let titles =
        ["Any longest back-off up to 8 min keeps the promise; the default of 15 min breaks it"; 2];
    let fair =
        titles.into_iter().zip(fair::sweep_lines()).map(|(title, chart)| (title, SWEEP, chart));
    add(&mut all, "sweep", (fair.collect(), nasty::sweep_lines()), SweepLine::draw);
    let title = "One of four promises breaks, one is undecided";
    add(
        &mut all,
        "verdicts",
        (vec![(title, RUNS, fair::verdicts())], nasty::verdicts()),
        Verdicts::draw,
    );
    let title = "A database copy waits 10 of its 31 minutes, most of it asleep beside a free slot";
    add(
        &mut all,
        "causes",
        (vec![(title, RUNS, fair::cause_bars())], nasty::cause_bars()),
        CauseBars::draw,
    );
    add_more(&mut all, (RUNS, DAY, SWEEP));
    all
}

/// Bars, differences, and weeks.
fn add_more(all: &mut BTreeMap<String, Trial>, (runs, day, sweep): (&str, &str, &str)) {
    let title = "Without the clients’ own limits, 86.9 % fewer copies are late; then the missed \
                 promise holds";
    add(
        all,
        "late",
        (vec![(title, runs, fair_more::late_bars())], nasty_more::late_bars()),
        LateBars::draw,
    );
    let title = "Client = queue is the cheapest that keeps the promise: 98.7 % on fresh draws";
    let fair = vec![
        (title, sweep, fair_more::differences()),
        ("B is sooner, 15.8 min a copy instead of 19.6 min", sweep, fair_more::comparison()),
    ];
    add(all, "differences", (fair, nasty_more::differences()), Differences::draw);
    let title = "At its oldest, a recovery point is mostly interval; the worst one waited for its own \
                 snapshot";
    let fair = fair_more::stacks().into_iter().map(|chart| (title, runs, chart)).collect();
    add(all, "stacks", (fair, nasty_more::stacks()), Stacks::draw);
    let title = "The slots of us-west-2 are busiest every day from 07:00, most on Sunday";
    add(all, "week", (vec![(title, day, fair_more::week())], nasty_more::weeks()), Week::draw);
}

const WIDTHS: [PlotWidth; 2] = [PlotWidth::Wide, PlotWidth::Narrow];

/// Rule of the theme: before words are written their box is known, and no two boxes meet.
#[test]
fn no_words_overlap_and_nothing_leaves_the_view() {
    let mut faults = Vec::new();
    for (name, trial) in trials() {
        for width in WIDTHS {
            for frame in [Frame::file(width), Frame::page(width)] {
                for fault in trial(frame).faults() {
                    faults.push(format!("{name} on {frame:?}: {fault}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// The check itself must be able to fail: words on words, and words beyond the edge.
#[test]
fn the_layout_check_finds_what_is_wrong() {
    use crate::report::theme::TextStyle;
    let frame = Frame::page(PlotWidth::Narrow);
    let mut sheet = sheet::Sheet::new(&caption("", ""), frame);
    sheet.text((10.0, 20.0), "one", TextStyle::LABEL, sheet::Anchor::Start);
    sheet.text((12.0, 22.0), "two", TextStyle::LABEL, sheet::Anchor::Start);
    sheet.text((355.0, 60.0), "three", TextStyle::LABEL, sheet::Anchor::Start);
    sheet.dot((380.0, 60.0), 3.0, &canvas::Pen::fill(Paint::Blue));
    let faults = sheet.finish(80.0, &[]).faults();
    assert_eq!(faults.len(), 3, "{faults:?}");
}

/// An SVG file is XML: every tag that is opened is closed, in order, and no quote is left open.
#[test]
fn every_chart_is_well_formed_and_speaks() {
    for (name, trial) in trials() {
        let svg = trial(Frame::file(PlotWidth::Wide)).to_svg();
        assert!(svg.contains("role=\"img\" aria-label=\""), "{name}");
        assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{name}");
        let mut open: Vec<&str> = Vec::new();
        for tag in svg.split('<').skip(1) {
            let inner = tag.split('>').next().unwrap_or_default();
            assert!(inner.matches('"').count().is_multiple_of(2), "{name}: {inner}");
            if let Some(closed) = inner.strip_prefix('/') {
                assert_eq!(open.pop(), Some(closed), "{name}");
            } else if !inner.ends_with('/') {
                open.push(inner.split(' ').next().unwrap_or_default());
            }
        }
        assert!(open.is_empty(), "{name}: {open:?}");
    }
}

/// Coordinates have one decimal: no digit follows the one behind a point.
#[test]
fn coordinates_are_short() {
    for (name, trial) in trials() {
        let svg = trial(Frame::page(PlotWidth::Narrow)).to_svg();
        for numbers in svg.split("points=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            for number in numbers.split([' ', ',']) {
                let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                assert!(decimals <= 1, "{name}: {number}");
            }
        }
    }
}

/// A page has title and style sheet of its own; a file must stand alone.
#[test]
fn a_file_stands_alone_and_a_page_does_not_repeat() {
    let trial = &trials()["verdicts-0"];
    let file = trial(Frame::file(PlotWidth::Wide)).to_svg();
    assert!(file.contains("<style>") && file.contains("xmlns=") && file.contains(">One of four"));
    let page = trial(Frame::page(PlotWidth::Wide)).to_svg();
    assert!(!page.contains("<style>") && !page.contains(">One of four"));
    assert!(page.contains("aria-label=\"One of four promises breaks"));
}
