/// The passwords of eight or more characters that attackers try first, in lower case.
///
/// A table. Short ones are missing because the length rule refuses them already.
enum CommonPasswords {
    static func contains(_ folded: String) -> Bool { all.contains(folded) }

    private static let all: Set<String> = [
        "00000000", "01234567", "0123456789", "10203040", "11112222", "11223344", "12121212", "12312312", "123123123",
        "12341234", "123412345", "12344321", "12345678", "123456789", "1234567890", "12345678910", "123456abc",
        "123456789a", "1234qwer", "12qwaszx", "147258369", "159753456", "1q2w3e4r", "1q2w3e4r5t", "1q2w3e4r5t6y",
        "1qaz2wsx", "1qaz2wsx3edc", "1qazxsw2", "20202020", "21436587", "31415926", "55555555", "66666666", "741852963",
        "77777777", "87654321", "88888888", "987654321", "9876543210", "98765432", "99999999", "a1b2c3d4", "a1234567",
        "a12345678", "aa123456", "aaaaaaaa", "abc12345", "abc123456", "abcd1234", "abcdefgh", "abcdefghi", "access14",
        "admin123", "admin1234", "adminadmin", "administrator", "alexander", "americano", "arsenal1", "asdf1234",
        "asdfasdf", "asdfghjk", "asdfghjkl", "babygirl", "baseball", "baseball1", "basketball", "blink182", "butterfly",
        "changeme", "changeme1", "charlie1", "chocolate", "computer", "corvette", "cowboys1", "dragon123", "einstein",
        "elephant", "facebook", "football", "football1", "fortnite", "fuckyou1", "garfield", "google123", "gwerty123",
        "hello123", "helloworld", "hellohello", "iloveyou", "iloveyou1", "iloveyou2", "internet", "jennifer",
        "jordan23",
        "letmein1", "letmein123", "liverpool", "liverpool1", "lol123456", "marlboro", "master123", "mercedes",
        "michael1", "michelle", "midnight", "minecraft", "monkey123", "mustang1", "myspace1", "nicholas", "passpass",
        "passport", "passw0rd", "password", "password1", "password12", "password123", "password1234", "password!",
        "password1!", "p@ssw0rd", "p@ssword", "pa$$word", "pass1234", "pokemon1", "princess", "princess1", "q1w2e3r4",
        "q1w2e3r4t5", "qazwsxedc", "qqww1122", "qwer1234", "qwerasdf", "qwerty12", "qwerty123", "qwerty1234",
        "qwerty12345", "qwertyui", "qwertyuiop", "rockyou1", "sunshine", "sunshine1", "superman", "superman1",
        "september", "starwars", "steelers", "summer2024", "summer2025", "superstar", "test1234", "testtest",
        "trustno1", "victoria", "welcome1", "welcome123", "whatever", "winter2024", "winter2025", "zaq12wsx",
        "zaq1zaq1", "zxcvbnm1", "zxcvbnm123",
    ]
}
