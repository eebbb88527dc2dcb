# Words of the command line that are no findings.
cli-explain-unknown = { $code } is not a code of this version.
cli-explain-nearest = { $code } is not a code of this version. Did you mean { $nearest }?
cli-explain-pointer = { $pointer } is the place of a rule in a profile's schema (JSON pointer), not a code. Ask for the code that stands beside it; `qiao profile show PROFILE` tells more about the profile.
cli-explain-cause = Why it happens
cli-explain-fix = What to do
cli-explain-example = Example
cli-explain-right = Right
cli-explain-family = { $family ->
    [A] A: the record of commands (`qiao audit`)
    [B] B: tables that bind nodes to fields (`bind`)
    [C] C: configuration
    [D] D: demo and simulator
    [G] G: the machine that qiao runs on
    [I] I: `qiao init`, `qiao check --online`
    [J] J: `qiao test`
    [L] L: `qiao selftest`
    [M] M: MQTT
    [O] O: OPC UA
    [P] P: profiles
    [R] R: the running gateway
    [S] S: the spool on disk
    [T] T: `qiao tap`
    [V] V: schemas, messages and values
    [W] W: commands to machines
    [X] X: `qiao translate`
   *[other] { $family }
}
cli-check-good = { $file }: nothing is wrong. { $connections ->
    [one] one connection
   *[other] { $connections } connections
}, { $flows ->
    [one] one flow
   *[other] { $flows } flows
}, { $machines ->
    [one] one named machine
   *[other] { $machines } named machines
}.
cli-check-wrong = { $errors ->
    [one] one error
   *[other] { $errors } errors
}, { $warnings ->
    [one] one warning
   *[other] { $warnings } warnings
}. `qiao explain CODE` says more about a code.
cli-check-warned = { $file }: good, with { $warnings ->
    [one] one warning
   *[other] { $warnings } warnings
}.
