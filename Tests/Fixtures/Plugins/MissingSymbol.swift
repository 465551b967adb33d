/// Fault: a name that nothing in the process defines.
@_silgen_name("thorbis_fixture_absent")
func absent()

/// Keeps the reference to it.
func callAbsent() {
    absent()
}
