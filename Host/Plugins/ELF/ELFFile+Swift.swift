extension ELFFile {
    /// What the compilers and the linker signed the file with, such as
    /// `clang version 21.0.0 (https://github.com/swiftlang/llvm-project.git 11673e66…)`.
    func toolchains() throws(ELFError) -> [String] {
        guard let comment = section(".comment") else { return [] }
        return try bytes(of: comment).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The toolchain of the Swift code: the one of the compilers that has LLVM of the Swift project in it.
    func swiftToolchain() throws(ELFError) -> String? {
        try toolchains().first { $0.contains("swiftlang/llvm-project") }
    }

    /// How many conformances the library declares of types that aren't its own to protocols that aren't its own.
    ///
    /// Records of `swift5_protocol_conformances` are 32-bit distances to a descriptor, whose fourth word holds flags;
    /// bit 0x40 is `isRetroactive` (Swift ABI, `ConformanceFlags`).
    func retroactiveConformances() throws(ELFError) -> Int {
        guard let section = section("swift5_protocol_conformances") else { return 0 }
        var count = 0
        for index in 0..<(section.size / 4) {
            let distance = Int32(bitPattern: try reader.integer(at: Self.sum(section.offset, index * 4)))
            let record = section.address &+ index * 4
            let descriptor = record &+ UInt64(bitPattern: Int64(distance))
            let flags: UInt32 = try reader.integer(at: Self.sum(offset(ofAddress: descriptor), 12))
            if flags & 0x40 != 0 { count += 1 }
        }
        return count
    }
}
