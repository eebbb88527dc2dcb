//! Item paths: `/AXIS@X/SCREW/POSITION` is the item POSITION of the screw of the axis whose number is X.
//!
//! In a machine's image a number is a step of its own: `/AXIS/X/SCREW/POSITION`.

/// The path of a place in the image, from its steps; each with whether a number stands there. What divides the steps of a
/// path becomes `_` inside of one.
#[must_use]
pub fn path_of<'a>(steps: impl IntoIterator<Item = (&'a str, bool)>) -> String {
    let mut path = String::new();
    for (step, is_number) in steps {
        path.push(if is_number { '@' } else { '/' });
        path.extend(step.chars().map(|c| if matches!(c, '/' | '@') { '_' } else { c }));
    }
    path
}

/// The steps of the place in the image that a path means. The device itself and the root above it are no steps of it.
#[must_use]
pub fn steps_of(path: &str) -> Vec<&str> {
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let is_around = |step: &&&str| matches!(**step, "NC_LINK_ROOT" | "MACHINE");
    let inner = steps.iter().skip_while(is_around);
    inner.flat_map(|step| step.split('@')).filter(|step| !step.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_step_of_its_own() {
        let steps = [("AXIS", false), ("X", true), ("SCREW", false), ("POSITION", false)];
        let path = path_of(steps);
        assert_eq!(path, "/AXIS@X/SCREW/POSITION");
        assert_eq!(steps_of(&path), ["AXIS", "X", "SCREW", "POSITION"]);
        assert_eq!(steps_of("/NC_LINK_ROOT/MACHINE/CONTROLLER/PROGRAM"), ["CONTROLLER", "PROGRAM"]);
        assert_eq!(path_of([("AXIS", false), ("a/b@c", true)]), "/AXIS@a_b_c");
        assert_eq!(steps_of("STATUS"), ["STATUS"]);
        assert!(steps_of("/MACHINE").is_empty());
    }
}
