//! Which published facts no test names, and why that is right.
//!
//! A fact is named where a test's text or name has its number. What is listed here is shown by a
//! test under another name, or is no matter of a test.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Why no test names a fact.
enum Why {
    /// A test shows it: the name of its function.
    Shown(&'static str),
    /// There is nothing to show.
    Nothing(&'static str),
}

use Why::{Nothing, Shown};

/// Sections 1 to 4 and 8 of the facts: time-based copies, both calls, quotas, full or
/// incremental, error codes.
const ASKED: [std::ops::RangeInclusive<u32>; 2] = [1..=111, 135..=152];

const UNNAMED: &[(u32, Why)] = &[
    (4, Shown("tv15_four_copies_fill_the_quota_and_a_fifth_is_refused")),
    (7, Shown("tv1_the_rate_of_one_snapshot")),
    (8, Shown("tv15_four_copies_fill_the_quota_and_a_fifth_is_refused")),
    (9, Shown("tv18_a_short_grant_runs_late_and_its_miss_is_told_at_the_deadline")),
    (12, Shown("a_growing_residual_takes_what_is_freed")),
    (13, Shown("tv11_one_mebibyte_more_takes_the_next_step")),
    (14, Shown("tv19_one_copy_alone_is_held_by_its_own_cap")),
    (15, Shown("tv20_ask_for_a_tenth_more_quota")),
    (17, Nothing("the console's calculator is no part of the API")),
    (18, Shown("tv2d_an_image_draws_the_sum_of_its_snapshots")),
    (19, Shown("tv32_a_short_grant_slows_all_snapshots_of_an_image_alike")),
    (
        26,
        Nothing(
            "that encryption changes no rate is an absence: nothing that sets rates knows keys",
        ),
    ),
    (28, Shown("tv8_without_bytes_a_copy_is_done_when_it_has_started_up")),
    (29, Shown("early_pacing_runs_at_the_cap_and_reserves_what_is_required")),
    (30, Shown("a_copy_is_shown_as_the_cli_prints_it")),
    (33, Shown("progress_is_told_in_whole_percent_or_tens_until_it_is_completed")),
    (38, Nothing("a field that no page tells of, and that is not sent here")),
    (39, Nothing("CloudWatch counts what `copies.csv` has by copy")),
    (40, Shown("an_image_tells_its_state")),
    (45, Shown("an_actual_duration_between_two_steps_is_rounded_by_the_switch")),
    (47, Shown("a_pair_of_its_own_goes_before_the_price_of_the_source")),
    (49, Shown("the_examples_of_the_pricing_page")),
    (65, Nothing("permissions to launch and fast restore play no part in copying")),
    (73, Nothing("about snapshots and volumes that are made in a zone, not about copies")),
    (87, Shown("tv32_a_short_grant_slows_all_snapshots_of_an_image_alike")),
    (88, Nothing("no source image is ever deregistered; that of a snapshot deleted is F92")),
    (90, Shown("a_deregistered_image_takes_its_snapshots_along_or_leaves_them")),
    (
        91,
        Nothing("nothing here deletes one snapshot of an image: an image is cancelled as a whole"),
    ),
    (94, Nothing("how the limit came about; scenarios can raise it")),
    (95, Nothing("the wording of an error, which messages here do not follow")),
    (99, Shown("image_builder_copies_fifty_at_once_to_each_region")),
    (105, Shown("weekly_releases_have_lineages_of_their_own_at_each_destination")),
    (107, Nothing("whose snapshot it is plays no part in what is full and what is not")),
    (110, Shown("images_have_the_bytes_of_their_snapshots")),
    (140, Nothing("codes of other calls: the source of a copy meets F83 and F84")),
    (148, Nothing("codes of other calls: no fact has a copy meet them")),
];

/// The texts of all tests but this one: whole files below `tests`, and test modules of sources.
fn tests() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["tests/it", "src"] {
        walk(&root.join(folder), &mut files);
    }
    files.retain(|(path, _)| !path.ends_with("tests/it/api/facts.rs"));
    let tests = files.into_iter().filter_map(|(path, text)| {
        let is_test = path.contains("/tests/") || path.ends_with("/tests.rs");
        let start = if is_test { Some(0) } else { text.find("\nmod tests {") };
        start.map(|start| text[start..].to_owned())
    });
    tests.collect()
}

fn walk(folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder of sources can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).expect("a source is text");
            let slashed = path.display().to_string().replace('\\', "/");
            files.push((slashed, text));
        }
    }
}

/// Facts that a text names one by one, as in `F42` or `f42_`; ranges name nothing.
fn named(text: &str) -> BTreeSet<u32> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '–'));
    let number = |word: &str| word.strip_prefix(['F', 'f'])?.parse().ok();
    words.filter_map(number).collect()
}

#[test]
fn facts_are_named_alone_and_in_names_of_tests() {
    let found = named("F1, F2. fn f3_f4_tv5() { 0xF6; F7–F9; af10; f64::from(f32) }");
    assert_eq!(found, BTreeSet::from([1, 2, 3, 4, 32, 64]));
}

#[test]
fn every_fact_is_named_by_a_test_or_has_its_reason() {
    let tests = tests();
    assert!(60 < tests.len(), "{} files of tests", tests.len());
    let named: BTreeSet<u32> = tests.iter().flat_map(|text| named(text)).collect();
    let listed: BTreeMap<u32, &Why> = UNNAMED.iter().map(|(fact, why)| (*fact, why)).collect();
    assert_eq!(listed.len(), UNNAMED.len(), "a fact is listed twice");
    let asked: BTreeSet<u32> = ASKED.into_iter().flatten().collect();
    let unnamed: Vec<u32> = asked.difference(&named).copied().collect();
    let without: Vec<&u32> = unnamed.iter().filter(|fact| !listed.contains_key(fact)).collect();
    assert!(without.is_empty(), "no test names F{without:?}, and no reason is given");
    let stale: Vec<&u32> = listed.keys().filter(|fact| !unnamed.contains(fact)).collect();
    assert!(stale.is_empty(), "a test names F{stale:?}: take them off the list");
    for (fact, why) in listed {
        match why {
            Shown(test) => {
                let start = format!("fn {test}(");
                assert!(tests.iter().any(|text| text.contains(&start)), "F{fact}: no `{test}`");
            }
            Nothing(reason) => assert!(!reason.is_empty(), "F{fact}"),
        }
    }
}
