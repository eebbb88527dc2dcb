# Words of the command line that are no findings.
cli-explain-unknown = { $code } is not a code of this version.
cli-explain-nearest = { $code } is not a code of this version. Did you mean { $nearest }?
