//! Pictures of real runs: every scenario, shortened, drawn at both widths.

use std::fs;
use std::path::{Path, PathBuf};

use snapferry::experiment::{Options, Rows};
use snapferry::plan::Plan;
use snapferry::report::chart::{Frame, PlotWidth};
use snapferry::report::figure::{Figure, figures};
use snapferry::report::write_charts;
use snapferry::scenario::Source;
use tempfile::TempDir;

use crate::folders::{QUIET, carried_out};

fn scenario(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(format!("{name}.toml"))
}

/// The folder of a scenario of two runs a point.
fn run(name: &str, rows: Rows) -> TempDir {
    let path = scenario(name);
    let base = path.parent().expect("a folder").to_owned();
    let text = fs::read_to_string(&path).expect("a scenario");
    let source = Source { name: name.to_owned(), text, base: base.clone() };
    let read = |relative: &str| fs::read(base.join(relative)).map_err(|error| error.to_string());
    let settings = [("scenario.replications".to_owned(), "2".to_owned())];
    let plan = Plan::of(&source, &read, &settings).expect("a right scenario");
    let home = TempDir::new().expect("a folder");
    let options = Options { threads: None, rows, ..QUIET };
    carried_out(&plan, &home.path().join("out"), &options);
    home
}

fn drawn(name: &str) -> Vec<Figure> {
    figures(&run(name, Rows::First).path().join("out")).expect("right tables")
}

fn names(figures: &[Figure]) -> Vec<&str> {
    figures.iter().map(|figure| figure.name.as_str()).collect()
}

/// No words overlap and nothing leaves the view, whatever a scenario calls its fleets; and no file
/// is too large for a slide.
#[test]
fn pictures_of_every_scenario_are_laid_out_well() {
    let mut faults = Vec::new();
    for name in [
        "small-saas",
        "enterprise-dr",
        "burst-recovery",
        "golden-ami",
        "inventory",
        "localzone-gaming",
        "outposts-edge",
        "sweep-slots-quota",
    ] {
        let figures = drawn(name);
        assert!(4 <= figures.len(), "{name}: {:?}", names(&figures));
        for figure in &figures {
            let table = &figure.numbers;
            assert_eq!(table.is_numeric.len(), table.head.len(), "{name}, {}", figure.name);
            let fits = |row: &Vec<String>| row.len() == table.head.len();
            assert!(table.rows.iter().all(fits), "{name}, {}: {table:?}", figure.name);
            let n_rows = table.rows.len();
            assert!((1..=61).contains(&n_rows), "{name}, {}: {n_rows} rows", figure.name);
            assert!((1..=3).contains(&figure.note.len()), "{name}, {}", figure.name);
            for width in [PlotWidth::Wide, PlotWidth::Narrow] {
                let drawing = figure.draw(Frame::file(width));
                let of = |fault| format!("{name}, {} on {width:?}: {fault}", figure.name);
                faults.extend(drawing.faults().into_iter().map(of));
                let size = drawing.to_svg().len();
                assert!(size < 400 * 1024, "{name}, {}: {size} bytes", figure.name);
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn flows_without_promises_have_no_pictures() {
    assert_eq!(names(&drawn("parking-lot")), [""; 0]);
}

#[test]
fn without_rows_what_needs_none_is_drawn() {
    let home = run("burst-recovery", Rows::None);
    let names = write_charts(&home.path().join("out")).unwrap();
    assert_eq!(names, ["verdicts.svg", "causes.svg", "distribution.svg", "cost.svg"]);
}

#[test]
fn the_same_folder_has_the_same_pictures() {
    let svgs = |figures: &[Figure]| -> Vec<String> {
        figures.iter().map(|figure| figure.draw(Frame::file(PlotWidth::Wide)).to_svg()).collect()
    };
    let (one, other) = (drawn("burst-recovery"), drawn("burst-recovery"));
    assert_eq!(svgs(&one), svgs(&other));
}
