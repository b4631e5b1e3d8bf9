//! Links that are gone for a while.

use super::*;

/// 500 Mbit/s × 0.8 = 50,000,000 B/s. Three copies of 10 GiB are 32,212,254,720 bytes =
/// 644.245 s of link time, shared alike; 600 s of outage (300 to 900) come on top: all end at
/// 1,244.2 s. Each is slowed by the link for 644.2 s and stalls for 600 s.
#[test]
fn copies_over_a_service_link_stall_and_resume() {
    let mut model = model();
    let mut service = link("service link", Rate::new(62_500_000.0 * 0.8));
    service.origin = LinkOrigin::ServiceLink;
    service.windows.push(window(300, 900, 0.0));
    model.links.push(service);
    model.routes[2].links = vec![0];
    model.assume.standard_rate = Distribution::Constant(f64::INFINITY);
    let ten = fleet("plant", volumes(&[Bytes::gib(10); 3]), once(0));
    add(&mut model, ten, (OUTPOST, None));
    for row in rows(&model) {
        assert!(close(row.end(), 644.245_094_4 + 600.0), "{row:?}");
        let causes = spent(&row);
        assert_eq!(causes.len(), 2, "{causes:?}");
        assert_eq!(causes[0], (Cause::Outage, 600.0));
        assert_eq!(causes[1].0, Cause::Link);
        assert_eq!(row.moved, Bytes::gib(10));
    }
}

fn cut(loss: LinkLoss) -> Row {
    let mut model = over_link(100);
    model.links[0].windows.push(window(300, 900, 0.0));
    model.assume.link_loss = loss;
    model.assume.standard_rate = Distribution::Constant(f64::INFINITY);
    one(&mut model, "a", 60_000, 0, (WEST, None));
    model.clients[0].max_copies = Some(1);
    row(&rows(&model), "a")
}

/// 30,000 of 60,000 are there at 300 s. Resumed: 300 s more from 900 s on. Restarted: 600 s
/// more, 90,000 moved. Failed: at 300 s, 30,000 moved.
#[test]
fn a_lost_link_stalls_restarts_or_fails() {
    let resumed = cut(LinkLoss::Resume);
    assert_eq!((secs(&resumed), resumed.moved), (1200.0, Bytes::mib(60_000)));
    let restarted = cut(LinkLoss::Restart);
    assert_eq!((secs(&restarted), restarted.moved), (1500.0, Bytes::mib(90_000)));
    let failed = cut(LinkLoss::Error);
    assert_eq!((secs(&failed), failed.moved), (300.0, Bytes::mib(30_000)));
    assert_eq!(failed.outcome, Outcome::Error);
}

/// An outage that begins when copies end at their deadlines comes too late for them: nothing of
/// them is left, though 900 times a 900th of these sizes falls short of them by rounding.
#[test]
fn an_outage_at_the_deadline_holds_nobody() {
    let mut model = over_link(2000);
    model.links[0].windows.push(window(900, 1800, 0.0));
    for mib in [115, 119, 123, 229, 230, 237] {
        one(&mut model, &mib.to_string(), mib, 0, (WEST, Some(15)));
    }
    for row in rows(&model) {
        assert_eq!((secs(&row), row.met), (900.0, Some(true)), "{row:?}");
    }
}

/// Half of 200 from 300 s on, then nothing from 600 to 900 s: one copy of 80,000 has moved
/// 60,000 at 300 s and the rest, at 100, at 500 s.
#[test]
fn a_reduction_slows_and_is_no_outage() {
    let mut model = over_link(200);
    model.links[0].windows = vec![window(300, 900, 0.5), window(600, 900, 0.0)];
    model.assume.standard_rate = Distribution::Constant(f64::INFINITY);
    one(&mut model, "a", 80_000, 0, (WEST, None));
    one(&mut model, "b", 1, 650, (WEST, None));
    let rows = rows(&model);
    assert_eq!(spent(&row(&rows, "a")), [(Cause::Link, 500.0)]);
    let b = row(&rows, "b");
    assert_eq!((b.spent(Cause::Outage), secs(&b)), (Span::from_secs(250), 900.005));
}
