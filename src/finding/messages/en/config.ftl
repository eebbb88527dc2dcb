# Configuration: what was typed and what is wrong with it.

# What a key takes; used inside other messages.
config-expected = { $expected ->
    [text] a text
    [name] a name of letters, digits, `-`, `_` and `.` (at most 64 bytes, beginning with a letter or digit)
    [path] a path
    [period] a time such as `100ms`, `30s`, `5m` or `2h`
    [size] a size such as `512KiB`, `256MiB` or `10GiB`
    [whole-number] a whole number, without quotes
    [number] a number, without quotes
    [address] an address such as `127.0.0.1:8080`
    [day] a day such as `2027-01-31`
    [utc-offset] an offset such as `+08:00`, in quotes
    [rate] a rate such as `6/1m`: how often in which time
    [deadband] a number such as `0.5`, or per cent of the range such as `2%`
    [word] one of its words
    [list] a list (`- …`)
    [table] a table of keys (`key: value`)
    [text-or-table] a text or a table of keys
   *[other] { $expected }
}
config-found = { $found ->
    [nothing] nothing
    [empty] an empty text
    [text] a text
    [list] a list
    [table] a table of keys
   *[other] { $found }
}

QIAO-C001 = This is not YAML: { $slip ->
        [tab] a tab stands here; YAML is indented and spaced with blanks
        [full-width] `{ $found }` is not the character that YAML knows; write `{ $meant }`
        [quote] a text in quotes ends too early or not at all, or a comma is missing behind it
        [bracket] a bracket or brace is not closed, or a comma is missing
        [indentation] this line is not indented like the entries beside it
        [no-colon] this line has no key, `:` and blank
        [colon] a text with `: ` in it needs quotes
        [line-before] this line goes on with a text of the line before: there a `:` is missing, or this line is indented too far
        [braces] a text with braces in it needs quotes, all of it
        [star] a text that begins with `*` or `&` needs quotes
        [character] a text that begins with “{ $found }” needs quotes
        [escape] in a text in "…" a backslash stands before a letter that needs none; write '…' instead
        [deep] lists and tables are nested more than 32 deep
       *[other] { $reason }
    }.
    .title = Not YAML
    .fix = Look at this line and the one before it: indentation, a missing quote or bracket, a tab. The other faults are found once the file can be read.
    .cause = YAML lives by its indentation and quotes; one blank, tab or quote too many or too few, and the rest cannot be told apart.
QIAO-C002 = Anchors (`&`), aliases (`*`) and tags (`!`) are not used here; a text that begins so needs quotes.
    .title = Anchor, alias or tag
    .fix = Write the value out where it is needed. A text that begins with `*`, `&` or `!` needs quotes, such as "**".
    .cause = Browse paths such as `**/Speed` begin with a character that means something else in YAML; or a template of another tool was copied.
QIAO-C003 = The configuration is empty.
    .title = Empty configuration
    .fix = Start from one of the files in `config/examples`.
    .cause = Every line is a comment, the file was never saved, or a script wrote nothing into it.
QIAO-C004 = A second document begins here; one file holds one configuration.
    .title = More than one document
    .fix = Remove the line `---` or keep the other document in a file of its own.
    .cause = Two configurations were put into one file, or a line of dashes was meant to divide its parts.
QIAO-C005 = A key is a plain text; this one is something else.
    .title = Key is not a text
    .fix = Write `key: value`. A value that begins with a brace, such as a topic template, needs quotes.
    .cause = A placeholder in braces stands where a name is expected; without quotes YAML takes it for a table.
QIAO-C006 = The key `{ $key }` stands here again; it was given at { $first }.
    .title = Key given twice
    .fix = Keep one of the two; qiao does not guess which one is meant.
    .cause = A block was copied and its name left unchanged, or the key is given at the top and again further down.
QIAO-C007 = There is no key `{ $name }` here. { $nearest ->
        [none] Known: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown key
    .fix = Keys that may stand here: { $known }. `config/qiao.yaml` shows all of them.
    .cause = The key is mistyped, is indented to the wrong place, or belongs to another version or tool.
QIAO-C009 = Expected { config-expected }; found { config-found }.
    .title = Wrong kind of value
    .fix = Write { config-expected } here, or remove the key to get its default.
    .cause = A dash is missing before an entry of a list, a number stands in quotes, or the value was forgotten.
QIAO-C010 = `{ $value }` is not { config-expected }.
    .title = Unreadable value
    .fix = Write { config-expected }.
    .cause = The unit is missing or written otherwise, or the name has a blank or a letter that names of this kind cannot have.
QIAO-C011 = The key `{ $key }` is missing.
    .title = Key missing
    .fix = Add `{ $key }`; `config/qiao.yaml` says what it means.
    .cause = The key has no default that would be right for every plant, so it must be written; perhaps it is indented to another place.
QIAO-C012 = The profile `{ $name }` is not installed. { $nearest ->
        [none] Installed: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown profile
    .fix = A profile is named with its version, such as `core/data-set-message@1.0`. Installed: { $known }. Folders of your own are listed under `profiles`.
    .cause = The version is missing or another one is installed, or the folder of your own profiles is not listed.
QIAO-C013 = `{ $name }` is not a word for this key. { $nearest ->
        [none] Known: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown word
    .fix = Write one of: { $known }.
    .cause = The word is mistyped, written in another case, or the one that another product uses.
QIAO-C014 = Exactly one of these belongs here: { $known }.
    .title = One of several keys
    .fix = Keep one of { $known } and remove the others.
    .cause = Two ways to say the same were given, or none was chosen.
QIAO-C015 = `{ $key }` is empty.
    .title = Empty list or table
    .fix = Write at least one entry, or remove the key if it has a default.
    .cause = The entries were commented out or not written yet.
QIAO-C016 = { $value } is out of range: { $low } to { $high }.
    .title = Out of range
    .fix = Write a value from { $low } to { $high }.
    .cause = The value was meant in another unit, or has a digit too many.
QIAO-C020 = There is no connection `{ $name }`. { $nearest ->
        [none] Known: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown connection
    .fix = `from` and `to` name entries of `connections`: { $known }.
    .cause = The name is mistyped, or the connection was renamed or removed.
QIAO-C021 = The connection `{ $name }` is of kind `{ $kind }`; this key takes one of kind `{ $expected }`.
    .title = Connection of the wrong kind
    .fix = `from` takes an `opcua` connection, `to` an `mqtt` connection.
    .cause = `from` and `to` were mixed up, or two connections have similar names.
QIAO-C022 = `{ $name }` stands here again; it was given at { $first }.
    .title = Name given twice
    .fix = Choose another name: it is what logs, metrics and topics tell them apart by.
    .cause = A block was copied and its name left as it was.
QIAO-C023 = `{ $glob }` is no browse path: { $fault ->
        [empty] it has no step
        [empty-step] the step at position { $at } is empty; a slash inside a name is written `\/`
        [escape] `\` at position { $at } stands before a character that needs none
        [no-name] `nsu=` at position { $at } needs a URI, `:` and a name
        [braces] the braces at position { $at } have no partner, or stand inside others
        [deep] `**` at position { $at } must be a step of its own
        [too-many] it has too many steps or alternatives
       *[other] it is malformed
    }.
    .title = Malformed browse path
    .fix = Steps are joined by `/`; `*` stands for any part of one step, `**` for any number of steps, `{"{"}a,b{"}"}` for either; `nsu=URI:Name` names a namespace.
    .cause = The path was copied from another tool, or a browse name has a character with a meaning of its own here.
QIAO-C024 = `{ $topic }` is no topic template: { $fault ->
        [brace] the brace at position { $at } has no partner
        [forbidden] “{ $found }” at position { $at } cannot stand in a topic
        [reserved] a topic that begins with `$` belongs to the broker
        [too-long] it is longer than 65535 bytes
       *[other] it is empty
    }.
    .title = Malformed topic template
    .fix = Write a topic without `+`, `#` and control characters; placeholders such as `{"{"}machine{"}"}` are filled in.
    .cause = `+` and `#` are wildcards for those who subscribe; whoever publishes names one topic exactly.
QIAO-C025 = `{ $name }` is no placeholder of a topic. { $nearest ->
        [none] Known: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown placeholder
    .fix = Placeholders are: { $known }, each in braces.
    .cause = The placeholder is mistyped, or belongs to another product.
QIAO-C026 = The client id `{ $client }` is used at the same broker by the connection at { $first }; they would throw each other out for ever.
    .title = Client id used twice
    .fix = Give one of the connections another `client-id`, or use one connection for both flows.
    .cause = A connection was copied with its client id; a broker admits each id only once and drops the earlier one.
QIAO-C027 = `{ $address }` is not the address of an OPC UA server.
    .title = Malformed OPC UA address
    .fix = Write `opc.tcp://host:4840` or `opc.tcp://host:4840/path`, without user name or password.
    .cause = A slash, the port or the scheme is missing or mistyped, or the address is that of a web page or of another protocol.
QIAO-C028 = `{ $address }` is not the address of an MQTT broker.
    .title = Malformed broker address
    .fix = Write `mqtts://host:8883` (encrypted) or `mqtt://host:1883`, over WebSocket `wss://host/mqtt` or `ws://host/mqtt`, without user name or password.
    .cause = Other tools write `tcp://`, `ssl://` or `ws://`; or the address carries user and password.
QIAO-C029 = `{ $node }` is no node id: { $fault ->
        [index] the index of a namespace changes when the server restarts; name it by its URI
       *[form] it has the form `nsu=URI;s=Name`, `nsu=URI;i=13` or, in the namespace of OPC UA itself, `i=85`
    }.
    .title = Malformed node id
    .fix = Write the namespace's URI as the server lists it in its NamespaceArray: `nsu=urn:acme:lathe;s=Lathe7`.
    .cause = OPC UA clients show node ids with a namespace index such as `ns=2`, which is only valid until the server restarts.
QIAO-C030 = The environment variable `{ $name }` is not set.
    .title = Secret missing in the environment
    .fix = Set { $name } for the user that qiao runs as, or use `file:` instead.
    .cause = The variable is set in your shell, but not for the service; or its name is mistyped.
QIAO-C031 = The secret in `{ $whence }` is empty.
    .title = Empty secret
    .fix = Write the secret into it.
    .cause = The file was created, but the secret never written into it, or a deployment left the variable blank.
QIAO-C032 = `{ $path }` can be read by every user of this machine.
    .title = Secret readable by all
    .fix = chmod 600 { $path }
    .cause = New files are readable by everybody on most systems.
QIAO-C033 = This connection has no security: the password is sent only if the server takes it encrypted, and values are readable on the way.
    .title = Password without security
    .fix = Choose `security: sign-and-encrypt` where the server offers it; otherwise trust the server's certificate, for which the password is encrypted.
    .cause = User and password were added to a connection whose security had been switched off for a first try.
QIAO-C034 = This connection has no security: everybody on the way can read and change what it carries.
    .title = OPC UA without security
    .fix = Choose `security: sign-and-encrypt` as soon as the server offers it.
    .cause = `security: none-i-accept-the-risk` is written, as controllers without certificates need it.
QIAO-C035 = The password travels unencrypted over the network.
    .title = Password in clear
    .fix = Use `mqtts://`, with `ca` if the broker's authority is your own.
    .cause = `mqtt://` is not encrypted, and a user is configured for it.
QIAO-C036 = `{ $key }` is given without `{ $partner }`; they belong together.
    .title = Half of a pair
    .fix = Add `{ $partner }` or remove `{ $key }`.
    .cause = One of the two keys was forgotten, or stands elsewhere because of its indentation.
QIAO-C037 = `{ $key }` makes no sense together with `{ $other }`.
    .title = Keys that exclude each other
    .fix = Remove one of the two.
    .cause = A setting was changed, and one that belonged to the old choice was left behind.
QIAO-C038 = With `qos: 0` no message is confirmed by the broker; what is lost on the way is lost.
    .title = Best effort
    .fix = Remove `qos` to have every message confirmed.
    .cause = `qos: 0` is written for this connection, perhaps to spare the broker.
QIAO-C040 = `{ $path }` cannot be read: { $reason }.
    .title = File cannot be read
    .fix = Check the path, which is relative to the configuration file, and the permissions of the user that qiao runs as.
    .cause = The path is relative to another folder than thought, the file was not copied along, or qiao runs as a user that may not read it.
QIAO-C041 = Until { $until } this server's certificate is accepted in spite of a fault.
    .title = Exception from the certificate checks
    .fix = Have the certificate renewed and remove `accept-certificate`.
    .cause = `accept-certificate` is written, because the server's certificate could not be renewed in time.
QIAO-C042 = `delivery: durable` ends at `{ $name }`, which has `qos: 0`: from there on it is best effort.
    .title = Durable as far as an unconfirmed broker
    .fix = Remove `qos: 0` from the connection.
    .cause = The flow keeps messages until the broker confirms them, and this connection asks for no confirmation.
QIAO-C043 = No flow uses the connection `{ $name }`.
    .title = Unused connection
    .fix = Remove it, or name it in `from` or `to` of a flow.
    .cause = The flow that used it was removed, or names another connection by mistake.
QIAO-C044 = The built-in broker asks nobody for a password; it does not listen on { $address }.
    .title = Built-in broker open to the network
    .fix = Use a loopback address such as `127.0.0.1:1883`, or a broker of its own for the network.
    .cause = `embedded` was set to `0.0.0.0` or an address of the network, so that others can subscribe.
QIAO-C045 = The status page on { $address } can be read by everybody on the network.
    .title = Status page open to the network
    .fix = Use a loopback address such as `127.0.0.1:8080`, or keep others out with a firewall.
    .cause = `http` was set to `0.0.0.0` or an address of the network, as containers often need it.
QIAO-C046 = Every machine that this flow finds would publish to `{ $topic }`; the second one will be refused.
    .title = One topic for many machines
    .fix = Put `{"{"}machine{"}"}` into the topic.
    .cause = The flow finds several machines through `each`, and the topic has nothing that tells them apart.
QIAO-C047 = `{ $topic }` is where the gateway tells whether it and its machines are online.
    .title = Reserved topic
    .fix = Choose another topic.
    .cause = The topic was chosen below `qiao/…`, where the gateway's own messages go.
QIAO-C048 = `{ $topic }` is already published to by what stands at { $first }.
    .title = Topic used twice
    .fix = Put `{"{"}flow{"}"}` or `{"{"}profile{"}"}` into the topic, or choose another one.
    .cause = Two flows, or two profiles of one flow, lead to the same broker with the same topic.
QIAO-C049 = The configuration cannot be read: { $reason }.
    .title = Configuration cannot be read
    .fix = Name it with `-c FILE`; `config/examples` has some to start from.
    .cause = The path is mistyped, the command runs in another folder, or the user that qiao runs as may not read the file.
    .example = place=/etc/qiao/qiao.yml | reason=No such file or directory (os error 2)
QIAO-C050 = `{ $filter }` is no log level: { $reason }.
    .title = Unknown log level
    .fix = Write error, warn, info, debug or trace, or by module such as `qiao::opcua=debug,info`.
    .cause = The level is mistyped, or the filter is written in the way of another tool.
    .example = filter=verbose | reason=error parsing level filter

QIAO-C065 = A flow from an MQTT connection says with `each` and `topic` what it subscribes to.
    .title = Subscription missing
    .fix = Write for example `each: {"{"} topic: line/{"{machine}"}/state {"}"}`.
    .cause = The flow was copied from one of an OPC UA server.
QIAO-C066 = `{ $topic }` cannot be subscribed to: { $fault ->
        [empty] it is empty
        [too-long] it has more than 65535 bytes
        [not-alone] at character { $at } `{ $found }` does not stand alone in its level, or `#` not at the end
        [brace] at character { $at } a brace has no partner or no name
        [twice] `{ $found }` stands twice
        [shared] a shared subscription is `$share/`, the name of a group, and a filter behind it
       *[forbidden] the character at { $at } cannot stand in a topic
    }.
    .title = Topic filter not possible
    .fix = Write levels as text, `+`, a name in braces such as `{"{machine}"}`, and `#` only as the last level.
    .cause = MQTT has its own rules for wildcards and names.
QIAO-C067 = `{ $key }` has no meaning for a flow from { $kind ->
        [mqtt] an MQTT connection
       *[opcua] an OPC UA server
    }.
    .title = Key for the other protocol
    .fix = Leave it out, or name another connection in `from`.
    .cause = The flow was copied from one of the other protocol.
QIAO-C068 = What is published to `{ $topic }` could come back by `{ $pattern }` on the same broker and go round for ever: { $circle }.
    .title = Loop
    .fix = Publish to topics that no flow is subscribed to, or narrow `each`, so that the two cannot meet.
    .cause = Input and output meet on one broker, often because a filter ends in `#`.
QIAO-C069 = { $profile } names its own fields; what MQTT messages hold does not fill them.
    .title = Profile does not take any field
    .fix = If the messages are messages of this profile write `decode: message`; otherwise leave `profile` out.
    .cause = `decode` and `profile` do not go together.
QIAO-C070 = With `decode: message` and `decode: profile` every message is of one profile; here stand several.
    .title = Several profiles for one message
    .fix = Name one profile, and write a flow for each of the others.
    .cause = Several profiles are meant for machines whose fields are read one by one.
QIAO-C071 = `time` names a member of a JSON message; this flow does not take messages apart.
    .title = No member to look at
    .fix = Write `decode: json`, or leave `time` out.
    .cause = `time` was added to a flow whose payloads are no JSON objects.
QIAO-C072 = `{ $value }` is no JSON pointer.
    .title = Not a JSON pointer
    .fix = Begin it with a slash, such as `/timestamp` or `/head/ts`.
    .cause = A name was written where a pointer is needed.
QIAO-C075 = The file is not UTF-8: { $encoding ->
        [utf-16] it is UTF-16, as Windows calls “Unicode”
       *[other] here stands a byte of another encoding, such as Windows-1252 or GB18030
    }.
    .title = Not UTF-8
    .fix = Save the file as UTF-8 in your editor. To convert it: iconv -f UTF-16 -t UTF-8, or -f WINDOWS-1252, or -f GB18030.
    .cause = Windows editors save in UTF-16 or in the encoding of the country, such as Windows-1252 or GB18030.
QIAO-C076 = `{ $pattern }` is no pattern of files: { $fault ->
        [folder] `*` and `?` stand in the name of a file, not in that of a folder
       *[no-name] it names a folder, not files
    }.
    .title = Malformed include
    .fix = Write the path of a file, or a pattern such as `conf.d/*.yaml`.
    .cause = A folder was named, or the wildcard was put into a folder's name as a shell would allow.
QIAO-C077 = No file matches `{ $pattern }`.
    .title = Include without a file
    .fix = Check the pattern, which is relative to the file that it is written in; hidden files never match. Remove it if there is nothing to include.
    .cause = The folder is empty or another one than thought, or the files end in `.yml` instead of `.yaml`.
QIAO-C078 = `{ $path }` is read already; it was asked for at { $first }.
    .title = File read twice
    .fix = Include every file once: remove this entry, or keep the pattern from matching the file.
    .cause = A pattern matches a file that is also named by itself, or two files include each other.
QIAO-C079 = This is too much: more than { $limit } { $what ->
        [bytes] MiB
        [files] files
        [levels] levels of files that include files
       *[nodes] keys and values made from templates
    }.
    .title = Configuration too large
    .fix = A configuration is text that somebody typed. Check whether the right file is named; divide it among several gateways if it is.
    .cause = A wrong file was named, such as a log, or a script wrote the configuration without end.
QIAO-C080 = `{ $key }` stands in the main file alone{ $given ->
        [yes] , where it is given at { $first }
       *[no] {""}
    }.
    .title = Key of the main file
    .fix = Move `{ $key }` into the file that `-c` names, or remove it here.
    .cause = A complete configuration was included, although only the main file says what the gateway is called and where it listens.
QIAO-C081 = There is no template `{ $name }`. { $nearest ->
        [none] Known: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown template
    .fix = `template` names an entry of `templates`: { $known }.
    .cause = The name is mistyped, or the template stands in a file that is not included.
QIAO-C082 = No entry of `use` uses the template `{ $name }`.
    .title = Unused template
    .fix = Remove it, or add an entry to `use`.
    .cause = The entries of `use` were removed, or name another template.
QIAO-C083 = The template `{ $template }` needs `{ $name }`.
    .title = Argument missing
    .fix = Add `{ $name }` to this entry, or give the parameter a default in the template.
    .cause = The parameter has no default, and this entry does not give it; perhaps its name is mistyped here.
QIAO-C084 = The template has no parameter `{ $name }`. { $nearest ->
        [none] Its parameters: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown argument
    .fix = Arguments of this template: { $known }.
    .cause = The argument is mistyped, or the template's parameter was renamed.
QIAO-C085 = `{ $name }` is no parameter of this template. { $nearest ->
        [none] Its parameters: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown parameter
    .fix = Declare it under `parameters`, or write one of: { $known }. A `$` that stands for itself before a brace is written `$$`.
    .cause = The parameter is mistyped or not declared, or a `$` before a brace was meant literally.
QIAO-C086 = `{ $text }` has a `${"{"}` without a name and `{"}"}` behind it.
    .title = Malformed parameter
    .fix = Write `${"{"}name{"}"}`. A `$` that stands for itself before a brace is written `$$`.
    .cause = The closing brace or the name was forgotten, or a `$` before a brace was meant literally.
QIAO-C087 = The profile `{ $profile }` is one of events, but this flow takes none.
    .title = Profile of events without events
    .fix = Add `events: {"{"}{"}"}` to the flow, or remove the profile.
    .cause = The profile was added, and the key that takes events was forgotten.
QIAO-C088 = Nothing in the template uses the parameter `{ $name }`.
    .title = Unused parameter
    .fix = Remove it, or write `${"{"}{ $name }{"}"}` where it belongs.
    .cause = The line that used it was removed, or writes the value itself.
QIAO-C089 = A parameter cannot be called `{ $name }`: that key names the template in `use`.
    .title = Reserved parameter name
    .fix = Choose another name.
    .cause = In an entry of `use` the key `template` already says which template is used.
QIAO-C091 = `${"{"}{ $name }{"}"}` is filled in in templates only; here it stays as it is written.
    .title = Parameter outside of a template
    .fix = Write the value itself. A secret from the environment is written `password: {"{"} env: NAME {"}"}`.
    .cause = Other tools fill environment variables into any text; here this is done for secrets only.
QIAO-C093 = `{ $found }` is not the character that YAML knows; write `{ $meant }`.
    .title = Full-width or typographic character
    .fix = Type it with the input method switched off, and without the typographic quotes of a word processor.
    .cause = A Chinese input method writes `：` and `，`, and word processors write typographic quotes, which look alike.
QIAO-C094 = `{ $text }` lacks a blank behind its colon.
    .title = No blank behind the colon
    .fix = Write `key: value`.
    .cause = The blank was forgotten; YAML then takes key and value for one text.
QIAO-C095 = A secret does not stand in the configuration itself.
    .title = Secret in clear
    .fix = Write it into a file of its own (chmod 600) and name that: `password: {"{"} file: secrets/name {"}"}`, or `{"{"} env: VARIABLE {"}"}`. What stood here should be changed: whoever saw the file knows it.
    .cause = The password was written down for a quick try; configurations are copied, sent and stored in version control.
QIAO-C096 = A decimal number is written with a point: `{ $value }`.
    .title = Decimal comma
    .fix = Write `{ $value }`.
    .cause = The comma is the decimal sign in many countries; in YAML it divides entries.
QIAO-C097 = `{ $value }` begins with a zero: some read it as octal. Write `{ $meant }`.
    .title = Leading zero
    .fix = Write the number without the zero before it.
    .cause = The number was filled up with zeros, or is a text such as a machine's number.
QIAO-C098 = `{ $text }` without quotes is a table, not a text; write `"{ $text }"`.
    .title = Braces without quotes
    .fix = Put the whole text in quotes: `"{ $text }"`.
    .cause = A topic template begins with a placeholder; YAML takes the brace for the beginning of a table.
QIAO-C099 = `{ $key }` stands below `connections`, but belongs beside it.
    .title = Indented too far
    .fix = Move `{ $key }` and what is below it to the left, to the column of `connections`.
    .cause = The block was typed or pasted one step too far to the right.
QIAO-C100 = No field of the flow's profiles holds the concept `{ $name }`. { $nearest ->
        [none] Known: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Unknown concept
    .fix = Write a concept that a profile of the flow knows; `qiao profile show` lists them.
    .cause = The concept is mistyped, or belongs to a profile that this flow does not speak: what was meant would leave.
QIAO-C101 = Mandatory fields of `{ $profile }` do not leave: { $pointers }. Whoever checks the messages against the profile refuses them.
    .title = Mandatory field does not leave
    .fix = Let these concepts leave, as pseudonyms if need be, or agree with the receiver that they are missing.
    .cause = A concept is dropped, or not named in `only`, that the profile demands.
QIAO-C102 = Messages that are passed on byte for byte cannot be left without parts.
    .title = Nothing can be withheld from foreign messages
    .fix = Remove `only`, `drop` and `pseudonymise`, or read the messages with `decode: json`.
    .cause = The flow has `decode: message`, which changes no byte of what it passes on.
QIAO-C103 = `{ $concept }` is dropped here, and to leave as { $first } says.
    .title = Contradiction about what leaves
    .fix = Name each concept in one of `only`, `drop` and `pseudonymise`; pseudonyms may be named in `only` too.
    .cause = Two people wrote the list, or a template adds to it.
QIAO-C104 = The key is shorter than { $bytes } bytes: the names behind the pseudonyms could be found by trying.
    .title = Key too short
    .fix = Make one of 32 random bytes, such as with `openssl rand -hex 32`, and keep it here.
    .cause = A password was used as a key.
QIAO-C110 = A flow does not speak `{ $profile }`: its messages are exchanged as files, or its encoding is not spoken by flows.
    .title = Profile not for flows
    .fix = Choose a profile for flows; documents are translated by `qiao translate`, and samples are published by `publish-as`.
    .cause = A profile of documents, such as a nameplate, was named for a machine's telemetry.
    .example = place=qiao.yaml:14:14 | profile=aas/digital-nameplate@3.0
QIAO-C115 = Beside the messages of `{ $profile }` nothing is published: `{ $topic }` does not end with `{ $behind }`.
    .title = Readers do not find the machines
    .fix = End the topic with `{ $behind }`; what stands before, prefix and client id, is free. Where readers know the topics anyway, nothing is missing.
    .cause = The flow has a topic of its own, and the lists by which readers find machines stand beside the place where the profile's topic has the machine.
    .example = place=qiao.yaml:14:14 | profile=umati/machine-tool@1.02 | topic=hall/{"{"}machine{"}"} | behind=/MachineToolType/{"{"}machine{"}"}
QIAO-C116 = Beside the messages of `{ $profile }` nothing is published: before machines are found nobody knows { $places } in `{ $topic }`.
    .title = Lists of machines have no place
    .fix = Give the machines that `location` in `machines`, or write prefix and client id out, such as `umati/v2/acme/cell7/MachineToolType/{"{"}machine{"}"}`.
    .cause = One list names all machines of a base, and who says that it is online has to know the base before there are any.
    .example = place=qiao.yaml:14:14 | profile=umati/machine-tool@1.02 | topic=umati/v2/{"{"}site{"}"}/MachineToolType/{"{"}machine{"}"} | places={"{"}site{"}"}

QIAO-C120 = { $profile } holds events; nothing of { $target } says what events say.
    .title = Events are not translated
    .fix = Take the events in a flow of their own, without `publish-as`. Alarms are translated into profiles with a list of alarms, such as `nclink/cnc@3.0`.
    .cause = A state that is kept, such as a umati message, has no place for what happens once.
    .example = place=qiao.yaml:15:17 | profile=core/event@1.0 | target=umati/machine-tool@1.02
QIAO-C121 = Messages that are passed on as they are cannot be translated.
    .title = `publish-as` and `decode: message` contradict each other
    .fix = Write `decode: profile`, so that messages are taken apart, or leave `publish-as` out.
    .cause = `decode: message` checks a message and passes its very bytes on.
    .example = place=qiao.yaml:15:17
QIAO-C122 = Nothing of { $profile } has a place in { $target }.
    .title = Nothing to translate
    .fix = See what the two have in common: `qiao translate --from { $profile } --to { $target } --coverage`.
    .cause = The two profiles share no concept; a profile of free fields has none unless its fields are bound.
    .example = place=qiao.yaml:15:17 | profile=core/data-set-message@1.0 | target=nclink/cnc@3.0
QIAO-C123 = { $concept } is no text that may be a pseudonym: alarms are told apart by what they say.
    .title = Alarms have no pseudonyms
    .fix = Take { $concept } out of `pseudonymise`; `drop` keeps it here.
    .cause = Alarms are translated, and behind a pseudonym nobody could look an alarm up.
    .example = place=qiao.yaml:15:17 | concept=alarm.code

QIAO-C111 = The messages of `{ $profile }` cannot be taken apart into its fields.
    .title = Messages not taken apart
    .fix = Choose a profile whose messages are nested objects (umati) or NC-Link; to pass messages on as they are write `decode: message`.
    .cause = `decode: profile` stands in a flow whose profile is only written, never read.
QIAO-C112 = `{ $topic }` takes no samples of NC-Link devices.
    .title = No topic of NC-Link samples
    .fix = Write `each: {"{"} topic: "Sample/{"{"}machine{"}"}/+" {"}"}`; a prefix may stand before `Sample`. The device stands right behind it, as `{"{"}machine{"}"}` or by its name.
    .cause = The device is found by the level behind `Sample`, and so are its events and its model.
QIAO-C113 = Messages of NC-Link say themselves when their values were taken; `time` has no meaning here.
    .title = Time stands in the message
    .fix = Leave `time` out.
    .cause = A flow for plain JSON was taken over for NC-Link.
QIAO-C118 = `{ $concept }` holds { $type ->
        [integer] a whole number
        [number] a number
        [boolean] yes or no
        [time] a point in time
        [date] a day
       *[enumeration] one of a few words
    }; a pseudonym is a text, which receivers do not expect there and which hides no value that is one of few.
    .title = Pseudonym of something that is no text
    .fix = Keep it here with `drop`, or let it leave as it is; pseudonyms are for texts and identifiers.
    .cause = A pseudonym was meant to hide a measured value or a state, not a name.
QIAO-C124 = Anybody who reaches { $address } can read what the gateway shows there, and on the way everybody can read along.
    .title = Own server open to the network
    .fix = Leave `security` out: clients then need a certificate that you trust. Or listen on a loopback address.
    .cause = `none-i-accept-the-risk` was written for a first try and stayed, while the address is that of the network.
QIAO-C125 = Nobody may come in: there is no user, and clients without one are refused.
    .title = Own server without users
    .fix = Add `users: {"{"} NAME: {"{"} password: {"{"} file: secrets/NAME {"}"} {"}"} {"}"}`, or `anonymous: read`.
    .cause = Clients without a user are refused by default.
QIAO-C126 = The password of `{ $user }` has fewer than { $least } bytes.
    .title = Password too short
    .fix = Choose a longer one; `openssl rand -base64 18` prints a good one.
    .cause = A password for a first try stayed.
QIAO-C127 = `{ $name }` is the gateway's own OPC UA server; no data comes from it.
    .title = Own server as a source
    .fix = Name it in `to`. What clients write there goes through `writes`.
    .cause = `from` and `to` were mixed up.
QIAO-C145 = `{ $key }` has no meaning beside `{ $other }`.
    .title = Keys that exclude each other
    .fix = Leave one of the two out.
    .cause = An entry for another kind of target was copied: what is published cannot be read, and the arguments of a call have rules of their own.
QIAO-C146 = `{ $key }: { $value }` is no value of the type { $type }.
    .title = Bound that the type cannot hold
    .fix = Write a value of the type, or the type that the node has.
    .cause = The type is narrower than the node's own, or a fraction was written for whole numbers.
QIAO-C147 = The smallest value, { $min }, is above the largest, { $max }: nothing could be written.
    .title = Bounds that leave nothing
    .fix = Swap `min` and `max`, or correct one of them.
    .cause = The two were mixed up, or a sign is missing.
QIAO-C148 = `{ $key }` is a distance; { $value } is none.
    .title = Distance that is none
    .fix = Write a number above 0; for `tolerance` also 0.
    .cause = A sign was typed, or 0 was meant as “no limit”: for that the key is left out.
QIAO-C149 = The type { $type } has no `{ $key }`.
    .title = Bound that the type does not have
    .fix = Leave it out; `min`, `max`, `step` and `max-change` are for numbers, `max-length` is for texts and byte strings.
    .cause = The type was changed and its bounds stayed.
QIAO-C150 = Any { $type } could be written: there are no bounds.
    .title = Number without bounds
    .fix = Write `min` and `max`, or `one-of`. If really every value is safe for the machine, say so: `bounds: none-i-accept-the-risk`.
    .cause = The bounds are in the drawing or in the controller; here the gateway has to know them.
QIAO-C151 = `{ $topic }` { $fault ->
        [presence] is where the gateway says whether it is there; commands have a topic of their own
        [level] is no device: its id is one level of a topic
       *[form] is no topic to command by: no `+`, `#`, `$` in front, and of braces only { "{gateway}" } and { "{write}" }
    }.
    .title = No topic of commands
    .fix = Choose a topic of your own, such as `plant/hall-3/command/feed-override`.
    .cause = A filter of a subscription or a template of a flow was copied.
QIAO-C152 = No sender has the role `{ $name }`: nobody could command this. { $nearest ->
        [none] Roles of the senders: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Role that nobody has
    .fix = Give the role to one of `senders`, or name one that a sender has: { $known }.
    .cause = The role is mistyped, or the senders are still missing.
QIAO-C153 = Whoever may publish at `{ $connection }` commands as `{ $name }`: the gateway cannot tell who it is.
    .title = Sender known by the broker alone
    .fix = Prefer a key (`known-by: {"{"} key: … {"}"}`); if it stays, let the broker allow the command topics to one user.
    .cause = The device that commands cannot sign its messages.
QIAO-C154 = `{ $connection }` is not encrypted: anybody on the network could publish as `{ $name }`, and command the machine.
    .title = Command by an open network
    .fix = Reach the broker by `mqtts://`, or let the sender sign with a key (`known-by: {"{"} key: … {"}"}`), which an open network cannot forge.
    .cause = A broker in the plant's network was trusted as it is.
QIAO-C155 = The key of a sender is shorter than { $bytes } bytes: it could be found by trying.
    .title = Key of a sender too short
    .fix = Make one of 32 random bytes, such as with `openssl rand -hex 32`, for this sender alone.
    .cause = A password was used as a key.
QIAO-C156 = Commands of another entry come the same way; it stands at { $first }.
    .title = Two entries for one topic
    .fix = Give each entry a topic of its own; by default it is made of the entry's name.
    .cause = An entry was copied with its topic.
QIAO-C157 = Another entry writes the same; it stands at { $first }. The wider of the two would hold, and the rates would add up.
    .title = Two entries for one target
    .fix = Keep one entry for each node, method or topic; several senders may share it by their roles.
    .cause = One entry for each sender was meant.
QIAO-C158 = What this entry publishes comes back as a command of another: a loop.
    .title = Commands in a loop
    .fix = Publish to a topic that no entry listens to.
    .cause = Two entries were to pass a command on, and name the same topic.
QIAO-C159 = The sender `{ $name }` may command nothing: no entry of `writes` names one of its roles.
    .title = Sender without a command
    .fix = Name one of its roles in an entry, or take the sender out.
    .cause = A role is mistyped, or the entry it was for is gone.
QIAO-C160 = Up to here the rates allow { $sum } commands a day; the ids of at most { $limit } are kept, so that none is done twice.
    .title = More commands than ids are kept
    .fix = Lower the rates: commands are for people and orders; what changes all the time is a flow.
    .cause = A setpoint that follows a signal was written as a command.
QIAO-C161 = `{ $value }` stands in the list and outside `min` and `max`: it could never be written.
    .title = Listed value out of bounds
    .fix = Take it out of `one-of`, or widen the bounds; with a list, `min` and `max` may be left out.
    .cause = The bounds were narrowed and the list was not.
QIAO-C162 = No flow `{ $name }` leads to this server. { $nearest ->
        [none] Those that do: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Flow that shows nothing there
    .fix = Name the flow whose machine is meant: { $known }.
    .cause = The flow was renamed, or leads to another connection.
QIAO-C163 = { $count ->
        [0] No flow leads to `{ $face }`: nothing stands there that could be written.
       *[other] { $count } flows lead to `{ $face }`: which of them shows the machine?
    }
    .title = Which flow shows the machine
    .fix = Add a flow to that server, or name one of several: `shown: {"{"} flow: …, machine: …, node: … {"}"}`.
    .cause = The entry was written before the flow, or a second flow was added later.
QIAO-C164 = No OPC UA server of this gateway has the user `{ $name }`. { $nearest ->
        [none] Known: { $known }.
       *[other] Did you mean `{ $nearest }`?
    }
    .title = Sender that is no user
    .fix = Name one of the `users` of a connection of kind `opcua-server`, or add this one there.
    .cause = The user is mistyped, or is one of the machine's own server.
QIAO-C165 = No user of `{ $face }` has one of these roles as a sender: nobody could write this.
    .title = Variable that no user may write
    .fix = Add a sender for a user of that server: `known-by: {"{"} user: … {"}"}`, with one of these roles.
    .cause = The senders with the role are known by keys or by a broker; a client of the server is known as its user alone.
QIAO-C166 = `{ $path }` is no way from a machine to a variable.
    .title = No path of browse names
    .fix = Browse names from the machine on, with `/` between them and neither at the beginning nor at the end: `Monitoring/MachineTool/FeedOverride`.
    .cause = A path from the root or a node id was copied.

# Stands behind a finding about what comes from a template.
finding-used-at = (template used at { $used-at }{ $more-uses ->
        [0] {""}
        [1] , and in one more use
       *[other] , and in { $more-uses } more uses
    })

QIAO-C175 = `{ $topic }` shares its messages with others, and { $fault ->
        [nc-link] NC-Link devices are asked and answer: whoever asked would not hear it
       *[state] this flow publishes states: of a machine it would know only what came to it
    }.
    .title = Not to be shared
    .fix = Take `$share/…/` away, and let one gateway read all of these topics.
    .cause = In a shared subscription each message goes to one of the group, whichever it is.
    .example = place=qiao.yaml:9:12 | topic=$share/qiao/line/{"{machine}"}/# | fault=state
QIAO-C176 = `{ $topic }` and `{ $other }` of the flow `{ $flow }` could bring the same message over one connection.
    .title = Subscriptions overlap
    .fix = Narrow one of them, give both flows the same subscription, or let one flow read by a connection of its own.
    .cause = A broker does not say which subscription a message came by: both flows would take it, once for each.
    .example = place=qiao.yaml:9:12 | topic=$share/qiao/line/{"{machine}"}/# | flow=all | other=line/#
QIAO-C177 = MQTT 3.1.1 does not know shared subscriptions; `{ $topic }` works with brokers that know them all the same.
    .title = Shared subscription in MQTT 3.1.1
    .fix = Write `version: "5"` at the connection, or see that messages come; mosquitto, EMQX and HiveMQ share in both versions.
    .cause = Shared subscriptions came with MQTT 5; another broker would take the filter for a topic and send nothing.
    .example = place=qiao.yaml:9:12 | topic=$share/qiao/line/{"{machine}"}/#
QIAO-C178 = Messages of NC-Link have their own form: there is no envelope around them.
    .title = NC-Link has no envelope
    .fix = Leave `envelope` out.
    .cause = `envelope` describes JSON of other devices and gateways.
    .example = place=qiao.yaml:11:15
QIAO-C179 = The machine stands in the topic already; `machine` of an envelope says it a second time.
    .title = Machine named twice
    .fix = Leave `machine` out, or write `+` in place of `{"{machine}"}` in the topic.
    .cause = Either the topic or the message says whose data they are.
    .example = place=qiao.yaml:11:25
QIAO-C180 = `{ $key }` tells values of a record apart; this flow takes each record as a message of its profile.
    .title = Key without meaning for messages of a profile
    .fix = Leave `{ $key }` out, or read the records with `decode: json`.
    .cause = With `decode: message` and `decode: profile` a record is a whole message.
    .example = place=qiao.yaml:11:25 | key=value
QIAO-C181 = `{ $profile }` has a topic for each condition; `{ $topic }` is one for all of them.
    .title = One topic for all conditions
    .fix = Put `{"{condition}"}` into the topic, or leave `topic` out; other profiles of the flow need a flow of their own then.
    .cause = `topic` holds for every profile of a flow, and each state would overwrite those of other conditions.
    .example = place=qiao.yaml:12:12 | profile=core/condition@1.0 | topic=hall/{"{machine}"}/alarms
QIAO-C182 = `{"{condition}"}` has no meaning for messages of `{ $profile }`.
    .title = No conditions
    .fix = Take it out of `{ $topic }`, or publish core/condition@1.0 by a flow of its own.
    .cause = Only states of conditions say which condition they are of.
    .example = place=qiao.yaml:12:12 | profile=core/data-set-message@1.0 | topic=hall/{"{machine}"}/{"{condition}"}
