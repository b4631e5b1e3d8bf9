//! The standard normal distribution by its quantile function: one uniform number in, one normal
//! number out, larger for larger.
//!
//! Source: Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied
//! Statistics 37 (1988), routine PPND16: relative error about 1e-16.
#![expect(
    clippy::excessive_precision,
    clippy::unreadable_literal,
    reason = "coefficients stand as they were published"
)]

/// Coefficients of one rational function, lowest power first.
struct Ratio {
    above: [f64; 8],
    below: [f64; 8],
}

impl Ratio {
    fn at(&self, r: f64) -> f64 {
        polynomial(&self.above, r) / polynomial(&self.below, r)
    }
}

/// By Horner's rule; multiplication and addition stay apart, since a fused one rounds otherwise.
fn polynomial(coefficients: &[f64; 8], r: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * r + coefficient)
}

/// For p within 0.425 of the middle, in 0.180625 − (p − 0.5)².
const MIDDLE: Ratio = Ratio {
    above: [
        3.3871328727963666080e0,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ],
    below: [
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ],
};

/// For tails down to e^−25, in √(−ln p) − 1.6.
const TAIL: Ratio = Ratio {
    above: [
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ],
    below: [
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ],
};

/// For what lies farther out, in √(−ln p) − 5.
const FAR_TAIL: Ratio = Ratio {
    above: [
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ],
    below: [
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ],
};

/// The value below which a standard normal number falls with probability `p`.
///
/// Infinite at 0 and 1.
pub(super) fn quantile(p: f64) -> f64 {
    debug_assert!((0.0..=1.0).contains(&p), "{p} is no probability");
    let from_middle = p - 0.5;
    if from_middle.abs() <= 0.425 {
        return from_middle * MIDDLE.at(0.180625 - from_middle * from_middle);
    }
    let tail = if from_middle < 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 {
        return f64::INFINITY.copysign(from_middle);
    }
    let r = libm::sqrt(-libm::log(tail));
    let size = if r <= 5.0 { TAIL.at(r - 1.6) } else { FAR_TAIL.at(r - 5.0) };
    size.copysign(from_middle)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "symmetry is exact")]
mod tests {
    use super::*;

    /// Percentage points of the normal table, to 15 digits.
    #[test]
    fn percentage_points_are_those_of_the_table() {
        assert_eq!(quantile(0.5), 0.0);
        for (p, z) in [
            (0.95, 1.644853626951473),
            (0.975, 1.959963984540054),
            (0.995, 2.575829303548901),
            (0.0001, -3.719016485455681),
        ] {
            assert!((quantile(p) - z).abs() < 1e-14, "{p}: {}", quantile(p));
        }
    }

    /// Φ(z) = erfc(−z / √2) / 2 takes each quantile back to its p. An error of one unit in the last
    /// place of z moves p by up to z² of its own units: 75 × 1.1e-16 at z = 8.6.
    #[test]
    fn the_distribution_function_takes_quantiles_back() {
        for exponent in 1..=300 {
            let p = libm::pow(1.08, -f64::from(exponent));
            let back = libm::erfc(-quantile(p) / std::f64::consts::SQRT_2) / 2.0;
            assert!((back / p - 1.0).abs() < 4e-14, "{p:e}: {back:e}");
        }
    }

    #[test]
    fn it_is_odd_about_the_middle_and_infinite_at_the_ends() {
        for k in 1..512 {
            let p = f64::from(k) / 1024.0;
            assert_eq!(quantile(p), -quantile(1.0 - p), "{p}");
        }
        assert_eq!(quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(quantile(1.0), f64::INFINITY);
    }
}
