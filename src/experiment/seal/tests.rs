use tempfile::TempDir;

use super::*;
use crate::experiment::folder::{Disk, Staging};
use crate::experiment::sealed;

/// A manifest that lists files, and says nothing else.
#[derive(Serialize)]
struct Manifest {
    file: Vec<SealedFile>,
}

/// A folder of two tables and a page of runs, with its manifest.
fn folder(home: &TempDir) -> std::path::PathBuf {
    let staging = Staging::open(&home.path().join("out"), &Disk).unwrap();
    for (file, text) in
        [("targets.csv", "123456789"), ("runs.csv", ""), ("parts.bin", "of its own")]
    {
        let mut output = staging.create(file).unwrap();
        output.put(text.as_bytes()).unwrap();
        output.finish().unwrap();
    }
    let text = toml::to_string(&Manifest { file: staging.files() }).unwrap();
    let mut output = staging.create(MANIFEST).unwrap();
    output.put(sealed(&text).as_bytes()).unwrap();
    output.finish().unwrap();
    staging.publish().unwrap()
}

/// Why a folder is refused, without the path of this machine.
fn told(home: &TempDir, folder: &Path) -> String {
    let failure = check_folder(folder).unwrap_err();
    assert!(failure.is_refusal(), "{failure}");
    failure.to_string().replace(&home.path().display().to_string(), "HOME")
}

/// The check value of CRC-32 in the catalogue of its parameters is that of "123456789": cbf43926;
/// that of nothing is 0.
#[test]
fn a_folder_lists_its_files_with_length_and_checksum() {
    let home = TempDir::new().unwrap();
    let place = folder(&home);
    let files = listed(&place).unwrap();
    let row = |name: &str, n_bytes, crc32: &str| SealedFile {
        name: name.to_owned(),
        n_bytes,
        crc32: crc32.to_owned(),
    };
    assert_eq!(files, [row("runs.csv", 0, "00000000"), row("targets.csv", 9, "cbf43926")]);
    check_folder(&place).unwrap();
    // pictures and the page may come and go
    fs::write(place.join("timeline.svg"), "<svg/>").unwrap();
    fs::write(place.join("report.html"), "<html>").unwrap();
    fs::write(place.join("parts.bin"), "another").unwrap();
    check_folder(&place).unwrap();
}

#[test]
fn every_file_that_is_not_as_it_was_is_told() {
    let home = TempDir::new().unwrap();
    let place = folder(&home);
    let write = |file: &str, text: &str| fs::write(place.join(file), text).unwrap();
    write("targets.csv", "12345");
    insta::assert_snapshot!(told(&home, &place), @"cannot read HOME/out: targets.csv was cut short: 5 bytes, not 9; run the scenario again");
    write("targets.csv", "123456780");
    insta::assert_snapshot!(told(&home, &place), @"cannot read HOME/out: targets.csv was edited: it does not fit its checksum in manifest.toml; run the scenario again");
    write("targets.csv", "1234567890");
    write("copies.csv", "point\n");
    fs::remove_file(place.join("runs.csv")).unwrap();
    insta::assert_snapshot!(told(&home, &place), @"cannot read HOME/out: runs.csv is missing; targets.csv was edited: 10 bytes, not 9; copies.csv is not of this run: manifest.toml does not list it; run the scenario again");
}

#[test]
fn what_is_no_output_folder_is_told_from_one_that_was_edited() {
    let home = TempDir::new().unwrap();
    let place = home.path().join("out");
    insta::assert_snapshot!(told(&home, &place), @"cannot read HOME/out: there is no such folder");
    fs::create_dir(&place).unwrap();
    fs::write(place.join("cat.jpg"), "meow").unwrap();
    insta::assert_snapshot!(told(&home, &place), @"cannot read HOME/out: it holds no manifest.toml: it is no output folder of this program, or of a run that was not finished");
    insta::assert_snapshot!(told(&home, &place.join("cat.jpg")), @"cannot read HOME/out/cat.jpg: it is a file; name the folder that a run wrote");
    let manifest = |text: &str| fs::write(place.join(MANIFEST), text).unwrap();
    manifest("seed = 7");
    insta::assert_snapshot!(told(&home, &place), @"cannot read HOME/out: manifest.toml does not begin with its checksum: it was edited, or an older version of this program wrote it; run the scenario again");
    manifest(&sealed("seed = 7\n").replace('7', "8"));
    insta::assert_snapshot!(told(&home, &place), @"cannot read HOME/out: manifest.toml was edited: it does not fit its checksum; undo that, or run the scenario again");
    manifest(&sealed("seed = 7\n"));
    insta::assert_snapshot!(told(&home, &place), @"cannot read HOME/out: manifest.toml does not list its files: an older version of this program wrote it; run the scenario again");
    manifest(&sealed("[shard]\nindex = 2\nof = 3\n"));
    insta::assert_snapshot!(told(&home, &place), @"cannot read HOME/out: it is shard 2 of 3, not the whole: put the shards together first, with `snapferry merge`");
    fs::write(place.join(MANIFEST), [0xff, 0xfe]).unwrap();
    insta::assert_snapshot!(told(&home, &place), @"cannot read HOME/out: manifest.toml is no text: it was edited");
}

/// A scenario that somebody put into a folder, or changed there, is not replaced.
#[test]
fn parts_of_the_question_are_ours_as_long_as_they_are_as_written() {
    let home = TempDir::new().unwrap();
    let staging = Staging::open(&home.path().join("out"), &Disk).unwrap();
    let mut output = staging.create("scenario.toml").unwrap();
    output.put(b"seed = 7").unwrap();
    output.finish().unwrap();
    let file = &staging.files()[0];
    let text = format!(
        "[[file]]\nname = \"scenario.toml\"\nn_bytes = {}\ncrc32 = \"{}\"\n",
        file.n_bytes, file.crc32
    );
    let mut output = staging.create(MANIFEST).unwrap();
    output.put(sealed(&text).as_bytes()).unwrap();
    output.finish().unwrap();
    let place = staging.publish().unwrap();
    drop(Staging::open(&place, &Disk).unwrap());
    let refusal = |name: &str| {
        let failure = Staging::open(&place, &Disk).unwrap_err().to_string();
        assert!(failure.contains(&format!("what no run wrote: {name}; move it")), "{failure}");
    };
    fs::write(place.join("input-0"), "precious").unwrap();
    refusal("input-0");
    fs::remove_file(place.join("input-0")).unwrap();
    fs::write(place.join("scenario.toml"), "seed = 8").unwrap();
    refusal("scenario.toml");
}
