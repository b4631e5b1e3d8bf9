//! `check`: what is wrong with scenarios, what would run, and the arithmetic of it.

use std::fmt::Write;

use super::files::{self, Loaded};
use super::terminal::{self, Terminal};
use super::{CheckArguments, Exit, Stop, words};
use crate::scenario::envelope;
use crate::units::{count, count_u64, thousands};

/// Checks all scenarios and says what would run.
pub(super) fn run(arguments: &CheckArguments, terminal: Terminal) -> Result<Exit, Stop> {
    let mut text = String::new();
    for scenario in files::load(&arguments.scenarios, terminal)? {
        terminal::say(&scenario.remarks(terminal));
        told(&mut text, &scenario);
        if arguments.plan {
            points(&mut text, &scenario);
        }
    }
    terminal::result(&text)
}

/// What one scenario asks, and the runs that would answer it.
fn told(text: &mut String, scenario: &Loaded) {
    let plan = &scenario.plan;
    let model = &plan.points[0].model;
    let _ = writeln!(text, "{}: right", scenario.source.name);
    if !model.question.is_empty() {
        let _ = writeln!(text, "  {}", model.question);
    }
    if let Some(flows) = &model.flow_level {
        let (flows, links) = (count(flows.flows.len()), count(flows.links.len()));
        let (flows, links) = (thousands(flows, 0), thousands(links, 0));
        let _ = writeln!(text, "  {flows} flows on {links} links, run until they are through");
        return;
    }
    let n_points = plan.points.len();
    let (fewest, most) = (model.replications, model.most_replications());
    let range = |points: f64| {
        let told = |n: u32| thousands(points * f64::from(n), 0);
        match &model.precision {
            None => told(fewest),
            Some(_) => format!("{} to {}", told(fewest), told(most)),
        }
    };
    let points = if n_points == 1 { String::new() } else { format!("{n_points} points × ") };
    let _ = writeln!(
        text,
        "  {points}{} replications of {}: {} runs",
        range(1.0),
        model.horizon,
        range(count(n_points))
    );
    if let Some(precision) = &model.precision {
        let line = format!(
            "Runs go on by {} until the intervals are as narrow as wanted.",
            precision.batch
        );
        text.push_str(&words::wrapped(&line, 2));
    }
    if 1 < n_points {
        text.push_str("  The arithmetic of the first point:\n");
    }
    for line in envelope(model).lines {
        text.push_str(&words::wrapped(&line, 2));
    }
}

/// The design points, one a line, below what became of the combinations.
fn points(text: &mut String, scenario: &Loaded) {
    let plan = &scenario.plan;
    let choice = &plan.choice;
    for (constraint, n) in &choice.left_out {
        let (n, of) = (thousands(count_u64(*n), 0), thousands(count_u64(choice.n_combinations), 0));
        let _ = writeln!(text, "  {n} of {of} points left out by {constraint}");
    }
    if 0 < choice.n_twice {
        let n = thousands(count_u64(choice.n_twice), 0);
        let _ = writeln!(text, "  {n} points drawn a second time, and run once");
    }
    for point in &plan.points {
        let labels = point.labels.iter().map(|(key, value)| format!("{key} = {value}"));
        let labels = labels.collect::<Vec<_>>().join(", ");
        let shown = if labels.is_empty() { "as written" } else { &labels };
        let _ = writeln!(text, "  point {}: {shown}", point.index);
    }
}
