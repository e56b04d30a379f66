package io.qscope.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerAddressTest {

    @Test
    void readsAUrl() {
        assertThat(ServerAddress.parse("postgresql://me@db.example:6543/auth?sslmode=disable", "secret"))
                .isEqualTo(new ServerAddress("db.example", 6_543, "auth", "me", "secret", "disable"))
                .hasToString("db.example:6543/auth");
        assertThat(ServerAddress.parse("postgresql://me@db.example/auth", null))
                .isEqualTo(new ServerAddress("db.example", 5_432, "auth", "me", null, "verify-full"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sqlite:x.db",
                "postgresql://db.example/auth",
                "postgresql://me@db.example",
                "postgresql://me@db.example/auth?schema=x",
                "postgresql://me@one,two/auth",
                "not a url"
            })
    void refusesAnotherOne(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerAddress.parse(url, null))
                .withMessageContaining("postgresql://user@host:port/database");
    }

    @Test
    void refusesAPasswordAndDoesNotRepeatIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerAddress.parse("postgresql://me:hunter2@db.example/auth", null))
                .withMessageContaining("PGPASSWORD")
                .withMessageNotContaining("hunter2");
    }
}
