//! Walks worked by hand that every network must take: rates, limits, and ends step by step.

use super::{Flow, FlowIdx, Limit, LinkIdx, Network, RouteIdx, Tier};
use crate::units::{Bytes, Instant, Rate, Span};

/// All walks on one kind of network.
pub(super) fn all<N: Network + Default>() {
    of_one_link::<N>();
    bottleneck_moves_when_a_flow_ends(N::default());
    deadline_is_the_end_until_the_flow_is_behind(N::default());
    deadline_survives_a_moment_below_the_cap(N::default());
    second_tier_takes_what_is_left(N::default());
    route_joins_a_link_in_use(N::default());
}

/// Those in which no route has several links, and the flows of a link have one cap.
pub(super) fn of_one_link<N: Network + Default>() {
    outage_on_a_service_link(N::default());
    no_bytes_end_at_once(N::default());
    cap_changes_keep_the_bytes(N::default());
    changed_lists_whose_limit_is_another(N::default());
    ended_come_in_order_of_ties(N::default());
    removed_flows_hand_back_what_is_left(N::default());
    capacity_comes_and_goes(N::default());
    nothing_limits(N::default());
}

fn at(secs: f64) -> Instant {
    Instant::ZERO + Span::from_secs_f64(secs)
}

fn flow(route: RouteIdx, bytes: f64, cap: f64) -> Flow {
    Flow { route, bytes, cap: Rate::new(cap), ends_at: None, tier: Tier::First, tie: 0 }
}

const FREE: f64 = f64::INFINITY;

/// Starts a flow under the next free index.
fn start(net: &mut impl Network, secs: f64, idx: u32, flow: &Flow) -> FlowIdx {
    net.start(at(secs), FlowIdx(idx), flow);
    FlowIdx(idx)
}

fn ended(net: &mut impl Network, now: Instant) -> Vec<u32> {
    let mut ended = Vec::new();
    net.take_ended(now, &mut ended);
    net.settle(now);
    ended.iter().map(|idx| idx.0).collect()
}

fn changed(net: &mut impl Network) -> Vec<u32> {
    let mut changed = Vec::new();
    net.drain_changed(&mut changed);
    changed.iter().map(|idx| idx.0).collect()
}

#[track_caller]
fn assert_rates(net: &impl Network, expected: &[f64]) {
    for (idx, &expected) in (0..).zip(expected) {
        let rate = net.rate(FlowIdx(idx)).get();
        assert!((rate - expected).abs() <= 1e-12 * expected, "flow {idx}: {rate}, not {expected}");
    }
}

/// The next end is `secs` or, since ends are rounded up, at most two nanoseconds later.
#[track_caller]
fn assert_next_end(net: &impl Network, secs: f64) -> Instant {
    let end = net.next_end().expect("some flow ends");
    let late = end.nanos().abs_diff(at(secs).nanos());
    assert!(late <= 2, "ends at {} ns, not at {secs} s", end.nanos());
    end
}

/// A link of 500 Mbit/s, of which 0.8 can be used (P-SL-SHARE): 50e6 B/s. Three flows of 10 GiB
/// from 0 s, an outage from 300 s to 900 s. They share equally, so all end together, 600 s of
/// outage after 3 · 10 · 2^30 B / 50e6 B/s = 644.2450944 s: at 1244.2450944 s.
fn outage_on_a_service_link(mut net: impl Network) {
    let link = net.add_link("500 Mbit/s".parse::<Rate>().unwrap().scale(0.8));
    let route = net.add_route(&[link]);
    for idx in 0..3 {
        start(&mut net, 0.0, idx, &flow(route, Bytes::gib(10).as_f64(), FREE));
    }
    net.settle(at(0.0));
    assert_rates(&net, &[50e6 / 3.0; 3]);
    assert_next_end(&net, 644.245_094_4);
    net.set_capacity(at(300.0), link, Rate::ZERO);
    net.settle(at(300.0));
    assert_rates(&net, &[0.0; 3]);
    assert_eq!(net.next_end(), None);
    assert_eq!(net.limit(FlowIdx(0)), Limit::Link(link));
    // 300 s at a third of 50e6 B/s are 5e9 B.
    assert!((net.left(at(700.0), FlowIdx(1)) - (Bytes::gib(10).as_f64() - 5e9)).abs() < 1e-3);
    net.set_capacity(at(900.0), link, Rate::new(50e6));
    net.settle(at(900.0));
    let end = assert_next_end(&net, 1_244.245_094_4);
    assert_eq!(ended(&mut net, end), [0, 1, 2]);
    assert_eq!(net.next_end(), None);
    assert_eq!(net.link_use(link), Rate::ZERO);
}

/// A = 10, B = 6. Routes r1 {A}: caps 2, 9; r2 {A, B}: caps 1, 8; r3 {B}: cap 4.
/// B fills first: 1 + 2 w = 6, w = 2.5; then A: 2 + 1 + 2.5 + w = 10, w = 4.5.
/// Once r3 is gone, A holds all: 2 + 1 + 2 w = 10, w = 3.5, and B carries 1 + 3.5 = 4.5 of 6.
fn bottleneck_moves_when_a_flow_ends(mut net: impl Network) {
    let (a, b) = (net.add_link(Rate::new(10.0)), net.add_link(Rate::new(6.0)));
    let (r1, r2, r3) = (net.add_route(&[a]), net.add_route(&[a, b]), net.add_route(&[b]));
    let flows = [(r1, 2.0), (r1, 9.0), (r2, 1.0), (r2, 8.0), (r3, 4.0)];
    for (idx, (route, cap)) in (0..).zip(flows) {
        let bytes = if idx == 4 { 25.0 } else { 1000.0 };
        start(&mut net, 0.0, idx, &flow(route, bytes, cap));
    }
    net.settle(at(0.0));
    assert_rates(&net, &[2.0, 4.5, 1.0, 2.5, 2.5]);
    let limits = [Limit::Cap, Limit::Link(a), Limit::Cap, Limit::Link(b), Limit::Link(b)];
    assert_eq!([0, 1, 2, 3, 4].map(|idx| net.limit(FlowIdx(idx))), limits);
    assert_eq!(changed(&mut net), [0, 1, 2, 3, 4]);
    let end = assert_next_end(&net, 10.0); // 25 B at 2.5 B/s
    assert_eq!(ended(&mut net, end), [4]);
    assert_rates(&net, &[2.0, 3.5, 1.0, 3.5]);
    assert_eq!(net.limit(FlowIdx(3)), Limit::Link(a));
    assert_eq!(changed(&mut net), [3]);
    assert!((net.link_use(a).get() - 10.0).abs() < 1e-12);
    assert!((net.link_use(b).get() - 4.5).abs() < 1e-12);
    // Flow 1 has 1000 - 4.5 · 10 - 3.5 · 20 = 885 B at 30 s.
    assert!((net.left(at(30.0), FlowIdx(1)) - 885.0).abs() < 1e-6);
}

/// 300 B at a cap of 100 / 3 B/s, deadline 9 s. Undisturbed it ends at 9 s, by definition. Held
/// to 10 B/s from 3 s to 6 s it has 300 - 100 - 30 = 170 B left, 5.1 s at its cap: 11.1 s.
fn deadline_is_the_end_until_the_flow_is_behind(mut net: impl Network) {
    let link = net.add_link(Rate::new(50.0));
    let route = net.add_route(&[link]);
    let paced = Flow { ends_at: Some(at(9.0)), ..flow(route, 300.0, 100.0 / 3.0) };
    let idx = start(&mut net, 0.0, 0, &paced);
    net.settle(at(0.0));
    assert_eq!(net.next_end(), Some(at(9.0)));
    net.set_capacity(at(3.0), link, Rate::new(10.0));
    net.settle(at(3.0));
    assert_next_end(&net, 23.0); // 200 B at 10 B/s
    net.set_capacity(at(6.0), link, Rate::new(50.0));
    net.settle(at(6.0));
    assert_eq!(net.limit(idx), Limit::Cap);
    assert_next_end(&net, 11.1);
    // A new target: the 170 B are to arrive by 10 s.
    net.set_cap(at(6.0), idx, Rate::new(42.5), Some(at(10.0)));
    net.settle(at(6.0));
    assert_eq!(net.next_end(), Some(at(10.0)));
    assert_eq!(ended(&mut net, at(10.0)), [0]);
}

/// Another flow comes and goes within one instant: no time has passed below the cap, so the
/// deadline still stands.
fn deadline_survives_a_moment_below_the_cap(mut net: impl Network) {
    let link = net.add_link(Rate::new(50.0));
    let route = net.add_route(&[link]);
    let paced = Flow { ends_at: Some(at(9.0)), ..flow(route, 300.0, 100.0 / 3.0) };
    let idx = start(&mut net, 0.0, 0, &paced);
    net.settle(at(0.0));
    let other = start(&mut net, 4.0, 1, &flow(route, 10.0, FREE));
    net.settle(at(4.0));
    assert_eq!(net.limit(idx), Limit::Link(link));
    net.remove(at(4.0), other);
    net.settle(at(4.0));
    assert_eq!(net.next_end(), Some(at(9.0)));
}

/// No bytes end at the instant they enter, on a full, a broken, and no link alike.
fn no_bytes_end_at_once(mut net: impl Network) {
    let full = net.add_link(Rate::new(1.0));
    let broken = net.add_link(Rate::ZERO);
    let links: [&[LinkIdx]; 3] = [&[full], &[broken], &[]];
    let routes = links.map(|links| net.add_route(links));
    for (idx, route) in (0..).zip(routes) {
        start(&mut net, 0.0, 2 * idx, &flow(route, 100.0, 1.0));
    }
    net.settle(at(0.0));
    for (idx, route) in (0..).zip(routes) {
        start(&mut net, 5.0, 2 * idx + 1, &flow(route, 0.0, FREE));
    }
    net.settle(at(5.0));
    assert_eq!(net.next_end(), Some(at(5.0)));
    assert_eq!(net.rate(FlowIdx(0)), Rate::new(1.0));
    assert_eq!(ended(&mut net, at(5.0)), [1, 3, 5]);
    assert_next_end(&net, 100.0);
}

/// A link of 10: the first tier asks for 4, so the second has 6 to share. A first-tier flow
/// without a cap takes the rest, and the second tier stalls until it is gone.
fn second_tier_takes_what_is_left(mut net: impl Network) {
    let (shared, side) = (net.add_link(Rate::new(10.0)), net.add_link(Rate::new(5.0)));
    let (short, long) = (net.add_route(&[shared]), net.add_route(&[side, shared]));
    let second = |route, cap| Flow { tier: Tier::Second, ..flow(route, 120.0, cap) };
    start(&mut net, 0.0, 0, &flow(short, 1000.0, 4.0));
    start(&mut net, 0.0, 1, &second(short, FREE));
    start(&mut net, 0.0, 2, &second(long, 2.0));
    net.settle(at(0.0));
    assert_rates(&net, &[4.0, 4.0, 2.0]);
    assert_eq!(net.limit(FlowIdx(1)), Limit::Link(shared));
    start(&mut net, 10.0, 3, &flow(long, 15.0, FREE));
    net.settle(at(10.0));
    assert_rates(&net, &[4.0, 1.0, 0.0, 5.0]); // 5 of `side`, so 1 of `shared` is left
    assert_eq!(net.limit(FlowIdx(2)), Limit::Link(side));
    let end = assert_next_end(&net, 13.0); // 15 B at 5 B/s
    assert_eq!(ended(&mut net, end), [3]);
    assert_rates(&net, &[4.0, 4.0, 2.0]);
    // Flow 1: 120 - 4 · 10 - 1 · 3 = 77 B at 13 s, 19.25 s more at 4 B/s.
    assert_next_end(&net, 32.25);
    assert_eq!(net.link_use(shared), Rate::new(10.0));
}

/// 100 B at 10 B/s for 5 s, then at 25 B/s: 50 / 25 = 2 s more.
fn cap_changes_keep_the_bytes(mut net: impl Network) {
    let link = net.add_link(Rate::new(30.0));
    let route = net.add_route(&[link]);
    let idx = start(&mut net, 0.0, 0, &flow(route, 100.0, 10.0));
    net.settle(at(0.0));
    net.set_cap(at(5.0), idx, Rate::new(25.0), None);
    net.settle(at(5.0));
    assert_rates(&net, &[25.0]);
    assert_next_end(&net, 7.0);
    // Above the link it is the link that holds: 25 B left at 6 s, at 30 B/s.
    net.set_cap(at(6.0), idx, Rate::new(80.0), None);
    net.settle(at(6.0));
    assert_eq!(net.limit(idx), Limit::Link(link));
    assert_next_end(&net, 6.0 + 25.0 / 30.0);
}

/// A link of 10. One flow with cap 6 is at its cap; with a second one it is held; a third changes
/// both rates and no limit.
fn changed_lists_whose_limit_is_another(mut net: impl Network) {
    let link = net.add_link(Rate::new(10.0));
    let route = net.add_route(&[link]);
    start(&mut net, 0.0, 0, &flow(route, 100.0, 6.0));
    net.settle(at(0.0));
    assert_eq!(changed(&mut net), [0]);
    start(&mut net, 1.0, 1, &flow(route, 100.0, 6.0));
    net.settle(at(1.0));
    net.settle(at(1.0));
    assert_eq!(changed(&mut net), [0, 1]);
    let third = start(&mut net, 2.0, 2, &flow(route, 100.0, 6.0));
    net.settle(at(2.0));
    assert_eq!(changed(&mut net), [2]);
    net.remove(at(3.0), third);
    net.remove(at(3.0), FlowIdx(1));
    net.settle(at(3.0));
    assert_eq!(changed(&mut net), [0]);
    assert_eq!(net.limit(FlowIdx(0)), Limit::Cap);
}

/// Three equal flows end at one instant; their ties say in which order they leave.
fn ended_come_in_order_of_ties(mut net: impl Network) {
    let route = net.add_route(&[]);
    for (idx, tie) in [(0, 7), (1, 3), (2, 5)] {
        start(&mut net, 0.0, idx, &Flow { tie, ..flow(route, 8.0, 2.0) });
    }
    net.settle(at(0.0));
    assert_eq!(net.next_end(), Some(at(4.0)));
    assert_eq!(ended(&mut net, at(3.0)), [0; 0]);
    assert_eq!(ended(&mut net, at(4.0)), [1, 2, 0]);
}

/// Two flows of 100 B share 10 B/s for 4 s: 80 B each; then the one that stays has all.
fn removed_flows_hand_back_what_is_left(mut net: impl Network) {
    let link = net.add_link(Rate::new(10.0));
    let route = net.add_route(&[link]);
    start(&mut net, 0.0, 0, &flow(route, 100.0, FREE));
    let other = start(&mut net, 0.0, 1, &flow(route, 100.0, FREE));
    net.settle(at(0.0));
    assert!((net.remove(at(4.0), other) - 80.0).abs() < 1e-9);
    net.settle(at(4.0));
    assert_next_end(&net, 12.0); // 4 s + 80 B / 10 B/s
    // The slot is free again.
    start(&mut net, 4.0, 1, &flow(route, 40.0, FREE));
    net.settle(at(4.0));
    assert_next_end(&net, 12.0); // 4 s + 40 B / 5 B/s
}

/// Nothing limits, then 4 B/s does, then nothing again: 100 - 10 · 1 - 4 · 10 = 50 B, 5 s.
fn capacity_comes_and_goes(mut net: impl Network) {
    let link = net.add_link(Rate::INFINITE);
    let route = net.add_route(&[link]);
    let idx = start(&mut net, 0.0, 0, &flow(route, 100.0, 10.0));
    net.settle(at(0.0));
    net.set_capacity(at(1.0), link, Rate::new(4.0));
    net.settle(at(1.0));
    assert_rates(&net, &[4.0]);
    assert_eq!(net.limit(idx), Limit::Link(link));
    net.set_capacity(at(11.0), link, Rate::INFINITE);
    net.settle(at(11.0));
    assert_rates(&net, &[10.0]);
    assert_next_end(&net, 16.0);
}

/// A route that is added over a link in use shares it from its first flow on.
fn route_joins_a_link_in_use(mut net: impl Network) {
    let link = net.add_link(Rate::new(12.0));
    let first = net.add_route(&[link]);
    start(&mut net, 0.0, 0, &flow(first, 100.0, FREE));
    start(&mut net, 0.0, 1, &flow(first, 100.0, 2.0));
    net.settle(at(0.0));
    assert_rates(&net, &[10.0, 2.0]);
    let side = net.add_link(Rate::new(3.0));
    let second = net.add_route(&[side, link]);
    net.settle(at(4.0));
    start(&mut net, 5.0, 2, &flow(second, 100.0, FREE));
    net.settle(at(5.0));
    assert_rates(&net, &[7.0, 2.0, 3.0]);
    assert_next_end(&net, 5.0 + 50.0 / 7.0);
    assert_eq!(net.limit(FlowIdx(2)), Limit::Link(side));
}

/// Without a cap or a link with a capacity, a flow takes no time.
fn nothing_limits(mut net: impl Network) {
    let link = net.add_link(Rate::INFINITE);
    let (linked, bare) = (net.add_route(&[link]), net.add_route(&[]));
    start(&mut net, 2.0, 0, &flow(linked, 1e18, FREE));
    start(&mut net, 2.0, 1, &flow(bare, 1e18, FREE));
    net.settle(at(2.0));
    assert_eq!(net.next_end(), Some(at(2.0)));
    assert_eq!(net.limit(FlowIdx(1)), Limit::Cap);
    assert_eq!(ended(&mut net, at(2.0)), [0, 1]);
}
