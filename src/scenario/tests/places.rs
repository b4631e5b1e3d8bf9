//! Sets of places.

use super::*;

/// Destinations of the fleets, by name.
fn destinations(model: &Model) -> Vec<Vec<&str>> {
    let of = |fleet: &crate::model::Fleet| -> Vec<&str> {
        fleet.copies.iter().map(|rule| model.site_name(rule.to)).collect()
    };
    model.fleets.iter().map(of).collect()
}

/// Each fleet is copied to all of the set but its own place; sets may overlap, and hold others.
#[test]
fn a_set_stands_for_its_places_but_for_the_one_that_is_copied_from() {
    let text = r#"
        [sets]
        all = ["americas", "eu-west-1", "us-west-2"]
        americas = ["us-east-1", "us-west-2"]
        [[fleet]]
        name = "a"
        each = [{ location = "us-west-2" }, { location = "ca-central-1" }]
        volumes = 2
        snapshot = { every = "1 h" }
        copy = [{ to = ["all", "americas"] }]
        [[target]]
        kind = "copy"
        limit = "2 h"
    "#;
    let model = model(text);
    assert_eq!(
        destinations(&model),
        [vec!["us-east-1", "eu-west-1"], vec!["us-east-1", "us-west-2", "eu-west-1"]]
    );
}

/// A link from one set to another carries every pair of them: not what stays within one.
#[test]
fn a_link_joins_two_sets() {
    let text = r#"
        [sets]
        home = ["us-west-2", "us-east-1"]
        away = ["eu-west-1", "eu-west-2"]
    "#
    .to_owned()
        + &fleet("copy = [{ to = [\"home\", \"away\"] }]")
        + "[[link]]\nname = \"sea\"\ncapacity = \"1 GB/s\"\nfrom = \"home\"\nto = [\"away\"]\n";
    let model = model(&text);
    assert_eq!(destinations(&model), [["us-east-1", "eu-west-1", "eu-west-2"]]);
    let crossed: Vec<&[usize]> = model.routes.iter().map(|route| route.links.as_slice()).collect();
    assert_eq!(crossed, [&[][..], &[0], &[0]]);
}

/// Outposts that one `each` declares have its name in common; 2 + 1 of them, and a set of all.
#[test]
fn outposts_of_one_each_have_a_name_in_common() {
    let posts = r#"
        [sets]
        edge = ["plant", "us-west-2-lax-1a"]
        [[outpost]]
        name = "plant"
        each = [{ name = "mill", count = 2 }, { region = "us-west-2" }]
        region = "us-west-2"
        service_link = "1 Gbit/s"
    "#;
    let expected = ["mill-01", "mill-02", "plant-us-west-2"];
    let to = |name: &str| posts.to_owned() + &fleet(&format!("copy = [{{ to = \"{name}\" }}]"));
    assert_eq!(
        destinations(&model(&to("edge"))),
        [[&expected[..], &["us-west-2-lax-1a"]].concat()]
    );
    let plant = to("plant").replace("edge = [\"plant\", \"us-west-2-lax-1a\"]", "");
    assert_eq!(destinations(&model(&plant)), [expected]);
}
