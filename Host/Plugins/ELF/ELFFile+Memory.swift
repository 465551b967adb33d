extension ELFFile {
    /// What of the library would be writable and executable at once, nil when nothing is.
    ///
    /// A library whose stack header is missing or marked executable has the loader make the stacks of the whole process
    /// executable (glibc, `_dl_make_stack_executable`).
    var writableCode: String? {
        let both: UInt32 = 0x3
        if segments.contains(where: { $0.kind == SegmentKind.load && $0.flags & both == both }) {
            return "a segment that is writable and executable"
        }
        guard let stack = segments.first(where: { $0.kind == SegmentKind.stack }) else {
            return "no word on its stack, which makes it executable"
        }
        return stack.flags & 0x1 == 0 ? nil : "an executable stack"
    }
}
