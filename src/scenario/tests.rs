//! The scenario format from its outside: what is understood, and what is said of mistakes.

use super::*;

/// The example of the design, word for word.
const EXAMPLE: &str = r#"[scenario]
question = "Do 60 databases keep an RPO of 2 hours in us-west-2?"
horizon = "7 days"
replications = 30

[[fleet]]
name = "databases"
location = "us-east-1"
volumes = 60
size = { lognormal = { median = "1 TiB", sigma = 0.8 }, max = "16 TiB" }
change = { median = "8 %/day", between_volumes = 0.5, common = 0.4 }
snapshot = { every = "1 h" }
copy = [{ to = "us-west-2", completion_duration = "15 min", retain = "3 days" }]

[[target]]
kind = "rpo"                   # copy | batch | rpo | link
fleet = "databases"
limit = "2 h"
share = "99.9 %"
"#;

fn source(text: &str) -> Source {
    Source { name: "x.toml".to_owned(), text: text.to_owned(), base: PathBuf::new() }
}

fn no_files(path: &str) -> Result<Vec<u8>, String> {
    Err(format!("no file `{path}` here"))
}

fn parse(text: &str, settings: &[(&str, &str)]) -> Result<Scenario, Problems> {
    let settings: Vec<(String, String)> =
        settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Scenario::parse(&source(text), &no_files, &settings)
}

fn shown(text: &str) -> String {
    parse(text, &[]).unwrap_err().render(text, false)
}

#[test]
fn the_example_of_the_design_is_understood() {
    let scenario = parse(EXAMPLE, &[]).unwrap_or_else(|e| panic!("{}", e.render(EXAMPLE, false)));
    let model = &scenario.model;
    assert_eq!(model.name, "x");
    assert_eq!(scenario.warnings, []);
}
