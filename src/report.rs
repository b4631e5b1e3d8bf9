//! Pictures and a page from an output folder.

pub(crate) mod cause;
mod limit;
pub mod theme;
pub mod chart;
pub mod figure;
mod read;
pub(crate) mod words;
mod page;

use std::fs;
use std::path::{Path, PathBuf};

use chart::{Frame, PlotWidth};
pub use read::Fault;
pub(crate) use read::{Row, Rows};

use crate::experiment::folder::PAGE;

/// Draws what the tables of an output folder, of a run or of a comparison, say, as SVG files beside
/// them; gives their names.
///
/// A picture whose table the folder has not is left out.
///
/// # Errors
/// When a file cannot be read or written, or does not say what it should.
pub fn write_charts(folder: &Path) -> Result<Vec<String>, Fault> {
    let figures = figure::all(folder)?;
    let mut names = Vec::with_capacity(figures.len());
    for figure in figures {
        let name = format!("{}.svg", figure.name);
        let svg = figure.draw(Frame::file(PlotWidth::Wide)).to_svg();
        let path = folder.join(&name);
        fs::write(&path, svg).map_err(|error| Fault::machine("write", &path, error))?;
        names.push(name);
    }
    Ok(names)
}

/// The answer of an output folder in a few sentences: those that stand at the head of its page.
///
/// # Errors
/// When a table cannot be read, or does not say what it should.
pub fn answer(folder: &Path) -> Result<Vec<String>, Fault> {
    page::answer_of(read::Folder(folder))
}

/// Writes the page of an output folder into it, or elsewhere; gives its place.
///
/// The page is whole before anything is written, and is put in its place by a rename.
///
/// # Errors
/// When a table cannot be read or does not say what it should, when something that is no page of this
/// program has its place, or when it cannot be written.
pub fn write_page(folder: &Path, out: Option<&Path>) -> Result<PathBuf, Fault> {
    let text = page::of(read::Folder(folder))?;
    let place = out.map_or_else(|| folder.join(PAGE), Path::to_owned);
    if let Ok(there) = fs::read(&place)
        && !page::is_ours(&there)
    {
        let why = "a file of this name is no page of this program, and is kept";
        return Err(Fault::content(&place.display().to_string(), None, why));
    }
    let beside = place.with_extension("html.new");
    let failed = |error| Fault::machine("write", &place, error);
    fs::write(&beside, text).map_err(failed)?;
    fs::rename(&beside, &place).map_err(failed)?;
    Ok(place)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::experiment::sealed;

    const MANIFEST: &str = r#"
[scenario]
name = "dr"
seed = 7
replications = 30
points = 1
start = "2027-01-04T00:00:00Z"
horizon_s = "86400.000000000"
warm_up_s = "0.000000000"

[[copies]]
scope = "db → b"
fleet = "db"
to = "b"
n = 1

[[target]]
name = "in time"
kind = "copy"
limit_s = "2400.000000000"
scopes = ["db → b"]
"#;

    const TARGETS: &str = "point,target,kind,promised_share,share,low_95,high_95,bound_95,worst_s,\
                           verdict,reason,n_runs,n,n_missed,n_open\n\
                           0,in time,copy,0.95,0.9,0.89,0.91,,,no,,30,9,1,0\n";

    fn folder(files: &[(&str, &str)]) -> TempDir {
        let folder = TempDir::new().unwrap();
        for (name, text) in files {
            let text = if *name == "manifest.toml" { sealed(text) } else { (*text).to_owned() };
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    #[test]
    fn pictures_whose_tables_are_missing_are_left_out() {
        let folder = folder(&[("manifest.toml", MANIFEST), ("targets.csv", TARGETS)]);
        assert_eq!(write_charts(folder.path()).unwrap(), ["verdicts.svg"]);
        let svg = fs::read_to_string(folder.path().join("verdicts.svg")).unwrap();
        assert!(svg.contains("The promise breaks: 90.0\u{a0}% held, 95\u{a0}% promised"), "{svg}");
    }

    #[test]
    fn a_broken_table_is_named_with_its_line_and_leaves_no_picture() {
        let broken = TARGETS.replace(",no,", ",maybe,");
        let folder = folder(&[("manifest.toml", MANIFEST), ("targets.csv", &broken)]);
        let fault = write_charts(folder.path()).unwrap_err().to_string();
        assert_eq!(fault, "targets.csv, line 2: verdict: no word of this column: \"maybe\"");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_manifest_that_was_edited_is_not_believed() {
        let folder = folder(&[("manifest.toml", MANIFEST), ("targets.csv", TARGETS)]);
        let edited = sealed(MANIFEST).replace("seed = 7", "seed = 8");
        fs::write(folder.path().join("manifest.toml"), edited).unwrap();
        let fault = write_charts(folder.path()).unwrap_err().to_string();
        assert!(fault.starts_with("manifest.toml, line 1: manifest.toml was edited"), "{fault}");
    }

    const COMPARISON: &str = r#"
[comparison]
a = "dr"
b = "dr with slots = 40"
pairs = "by replication"
n_runs_a = 30
n_runs_b = 30
notes = []
"#;

    const DIFFERENCES: &str = "kind,scope,measure,unit,mean_a,mean_b,difference,low_95,high_95,\
                               variance_ratio,pairing,at_least,reason,turned_late,turned_in_time,\
                               n_a,n_b\n\
                               target,in time,share,share,0.99,0.992,0.002,0.001,0.003,2,factor,\
                               false,,,,30,30\n";

    #[test]
    fn a_comparison_has_pictures_of_its_own() {
        let files = [("manifest.toml", COMPARISON), ("differences.csv", DIFFERENCES)];
        let folder = folder(&files);
        assert_eq!(write_charts(folder.path()).unwrap(), ["differences.svg"]);
        let broken = DIFFERENCES.replace("target,in", "targets,in");
        let folder = super::tests::folder(&[files[0], ("differences.csv", &broken)]);
        let fault = write_charts(folder.path()).unwrap_err().to_string();
        assert_eq!(fault, "differences.csv, line 2: kind: no word of this column: \"targets\"");
    }

    #[test]
    fn a_folder_without_a_manifest_is_none_of_ours() {
        let folder = folder(&[]);
        let fault = write_charts(folder.path()).unwrap_err().to_string();
        assert_eq!(
            fault,
            "manifest.toml: it is not there: no run wrote this folder, or not to its end"
        );
    }
}
