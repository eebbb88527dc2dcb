# `qiao selftest`: the fault lab on the user's own machine.
QIAO-L001 = The self-test could not be done: { $error }.
    .title = Self-test not possible
    .fix = Look at the reason: free ports on loopback, room in the temporary folder and a few hundred MiB of memory are needed. Then run `qiao selftest` again.
    .cause = A source, a broker, a consumer and a gateway are started on this machine, and one of them did not start or did not answer in time.
    .example = error=no temporary folder: No space left on device (os error 28)
QIAO-L002 = This fault was not survived as promised: { $missing } stretches of values are missing and nobody told of them, { $wrong } other things are wrong, { $gaps } gaps were told.
    .title = Self-test: a promise was not kept
    .fix = Run `qiao selftest --fault` with this fault once more on an idle machine. If it comes again, do not rely on this installation, and report it with the output of `--json`.
    .cause = This version has a fault, or the machine is so slow or so full that times or limits ran out.
    .example = place=kill | missing=1 | wrong=0 | gaps=0
selftest-begins = { $count ->
    [one] One fault
   *[other] { $count } faults
}, one after the other, done to a gateway on this machine: source and broker are simulated, the gateway, its spool and its process are real.
selftest-setting-up = source, broker, consumer and gateway are set up
selftest-column-verdict = result
selftest-column-healed = healed in
selftest-column-made = made
selftest-column-arrived = arrived
selftest-column-declared = in gaps
selftest-column-missing = lost
selftest-column-wrong = wrong
selftest-column-twice = twice
selftest-column-fault = fault: expected
selftest-held = held
selftest-broken = BROKEN
selftest-harm-line-cut = the line to the server is cut for a second
selftest-harm-half-open = the server is gone without a word
selftest-harm-reset-in-message = the connection to the server is reset in the middle of a message
selftest-harm-bit-flip = a bit of a signed OPC UA message turns over on the way
selftest-harm-server-restart = the server is started anew and knows no subscription
selftest-harm-broker-restart = the broker is started anew and remembers nothing
selftest-harm-lost-acknowledgement = the broker's acknowledgements are lost
selftest-harm-silent-broker = the broker keeps its connection and falls silent
selftest-harm-slow-broker = the broker takes a tenth of what comes
selftest-harm-kill = the gateway is killed (kill -9) while messages wait
selftest-expected-nothing-lost = everything arrives
selftest-expected-nothing-lost-some-twice = everything arrives, some of it twice with its key
selftest-expected-nothing-in-silence = everything arrives or is told as a gap
selftest-good = { $good } of { $count } faults: nothing was lost in silence, nothing was wrong. { $seconds } s.
selftest-bad = { $good } of { $count } faults were survived as promised. { $seconds } s.
