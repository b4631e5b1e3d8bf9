//! Sources that cannot be copied (F84, F86, F141), and pre-signed URLs (F85).

use Action::{CopyImage, CopySnapshot};
use serde_json::json;
use snapferry::api::{
    Action, ImageSource, ImageState, Later, Silent, SnapshotState, UrlCheck, Verdict,
};
use snapferry::catalog::Status;

use super::world::{EAST, FRIEND, SNAPSHOT, World};

/// TV28, F84: a snapshot that is pending, invisible, or elsewhere is accepted, and fails; F86:
/// every state but `completed`.
#[test]
fn tv28_f84_f86_a_snapshot_that_cannot_be_copied_fails_later() {
    let states = [
        SnapshotState::Pending,
        SnapshotState::Error,
        SnapshotState::Recoverable,
        SnapshotState::Recovering,
    ];
    let (none, wrong) = (json!({}), json!({ "SourceRegion": "eu-west-1" }));
    let mut cases: Vec<(World, _, Later)> = states
        .map(|snapshot_state| {
            let world = World { snapshot_state, ..World::at(EAST) };
            (world, &none, Later::SourceNotComplete)
        })
        .into();
    let hidden = World { visible: false, owner: FRIEND, ..World::at(EAST) };
    cases.push((hidden, &none, Later::SourceNotFound));
    cases.push((World::at(EAST), &wrong, Later::SourceNotFound));
    for (world, patch, expected) in cases {
        world.told((CopySnapshot, "us-west-2"), patch, |answer| match answer {
            Ok(Verdict::Accepted(accepted)) => {
                assert_eq!(accepted.fails, Some(expected), "{world:?}");
                assert_eq!(expected.told().1, Status::Observed);
            }
            other => panic!("{other:?}"),
        });
    }
}

/// F141: an image that is absent or in another state is refused at once; F149: so is one that is
/// not shared; or, as was seen of snapshots, accepted (P-IMAGE-SOURCE).
#[test]
fn f86_f141_f149_an_image_that_cannot_be_copied() {
    let with = |image_state| World { image_state, ..World::at(EAST) };
    let hidden = World { visible: false, owner: FRIEND, ..World::at(EAST) };
    let wrong = json!({ "SourceImageId": "ami-0123456789abcdef9" });
    let none = json!({});
    let unavailable = "InvalidAMIID.Unavailable SourceImageId F141, P-IMAGE-SOURCE";
    let others = ImageState::ALL.into_iter().filter(|state| *state != ImageState::Available);
    let mut cases: Vec<_> = others.map(|state| (with(state), &none, unavailable)).collect();
    cases.push((hidden, &none, "AuthFailure SourceImageId F149, P-IMAGE-SOURCE"));
    cases.push((
        World::at(EAST),
        &wrong,
        "InvalidAMIID.NotFound SourceImageId F141, P-IMAGE-SOURCE",
    ));
    cases.push((with(ImageState::Available), &none, "ok"));
    let silent = Silent { image_source: ImageSource::Later, ..Silent::DEFAULT };
    for (world, patch, expected) in cases {
        let answer = world.answer((CopyImage, "us-west-2"), patch);
        assert_eq!(answer, expected, "{world:?}");
        let later = World { silent, ..world }.answer((CopyImage, "us-west-2"), patch);
        assert_eq!(later, if expected == "ok" { "ok" } else { "later F84" });
    }
    insta::assert_snapshot!(
        with(ImageState::Disabled).told((CopyImage, "us-west-2"), &none, |answer| answer.unwrap_err()),
        @"InvalidAMIID.Unavailable: `ami-0123456789abcdef0` is disabled: only available images are copied (F141, P-IMAGE-SOURCE)"
    );
}

/// F85: another scheme and other identifiers are refused at once; a signature that is missing or
/// all zero is not looked at, or, as documented, fails the copy (P-URL-CHECK).
#[test]
fn f85_presigned_urls() {
    let good = format!(
        "Action=CopySnapshot&SourceRegion=us-east-1&SourceSnapshotId={SNAPSHOT}\
         &DestinationRegion=us-west-2"
    );
    let signature = "0123456789abcdef".repeat(4);
    let zeros = "0".repeat(64);
    let base = "https://ec2.us-east-1.amazonaws.com/?";
    let refused = "InvalidParameterValue PresignedUrl F85";
    let later = "later F85, P-URL-CHECK";
    let other = |from: &str, to: &str| format!("{base}{}", good.replace(from, to));
    let table = [
        (format!("{base}{good}&X-Amz-Signature={signature}"), "ok", "ok"),
        (format!("{base}{good}"), "ok", later),
        (format!("{base}{good}&X-Amz-Signature={zeros}"), "ok", later),
        (format!("{base}{good}").replace("https", "ftp"), refused, refused),
        ("snap".to_owned(), refused, refused),
        (other("SourceRegion=us-east-1", "SourceRegion=eu-west-1"), refused, refused),
        (other(SNAPSHOT, "snap-0123456789abcdef9"), refused, refused),
        (other("=us-west-2", "=us-west-1"), refused, refused),
        (other("CopySnapshot", "CopyImage"), refused, refused),
    ];
    let silent = Silent { url_check: UrlCheck::Later, ..Silent::DEFAULT };
    for (url, seen, documented) in table {
        let patch = json!({ "PresignedUrl": url });
        let world = World::at(EAST);
        assert_eq!(world.answer((CopySnapshot, "us-west-2"), &patch), seen, "{url}");
        let strict = World { silent, ..world };
        assert_eq!(strict.answer((CopySnapshot, "us-west-2"), &patch), documented, "{url}");
    }
}
