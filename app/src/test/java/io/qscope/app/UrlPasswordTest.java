package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UrlPasswordTest {

    @ParameterizedTest
    @CsvSource({
        "postgresql://app:secret@db/q?password=secret, postgresql://app:...@db/q?password=...",
        "postgresql://app:se@cr/et@db/q, postgresql://app:...@db/q",
        "postgresql://:secret@db, postgresql://:...@db",
        "postgresql://db/q?user=app&PassWord=secret&ssl=true, postgresql://db/q?user=app&PassWord=...&ssl=true",
        "postgresql://db/q?sslpassword=secret, postgresql://db/q?sslpassword=...",
        "sqlserver://db;user=app;password=secret;encrypt=true, sqlserver://db;user=app;password=...;encrypt=true",
        "postgresql:host=db password=secret dbname=q, postgresql:host=db password=... dbname=q",
        "mysql://user@corp:secret@db/q, mysql://user@corp:...@db/q",
        "mysql:app:secret@db, mysql:app:...@db",
        "postgresql://app:a secret of words@db/q, postgresql://app:...@db/q",
        "postgresql://db/q?pass=secret, postgresql://db/q?pass=...",
        "sqlite:x.db?passwd=secret, sqlite:x.db?passwd=...",
        "cannot reach a://u:secret@h nor b://u:secret@h, cannot reach a://u:...@h nor b://u:...@h"
    })
    void isLeftOut(String text, String shown) {
        assertThat(UrlPassword.leftOutOf(text)).isEqualTo(shown).doesNotContain("secret");
        assertThat(UrlPassword.isIn(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sqlite:qscope.db",
                "memory:",
                "postgresql://app@db:5432/q?sslmode=require",
                "sqlite:/a:b@c",
                "sqlite:c:/me@home/q.db"
            })
    void isNotFoundWhereThereIsNone(String url) {
        assertThat(UrlPassword.isIn(url)).isFalse();
        assertThat(UrlPassword.leftOutOf(url)).isEqualTo(url);
    }
}
