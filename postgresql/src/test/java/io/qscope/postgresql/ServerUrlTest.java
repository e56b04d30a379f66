package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.qscope.postgresql.ServerUrl.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs as PostgreSQL's own programs write them. */
class ServerUrlTest {

    @Test
    void namesServersUserDatabaseAndOptions() {
        ServerUrl url = ServerUrl.parse(
                "postgresql://the%20app:a%3Ab+c@db1.example.com:5433,db2,[::1]:6000/auth?schema=own&sslmode=require");

        assertThat(url.servers())
                .containsExactly(new Server("db1.example.com", 5433), new Server("db2", 5432), new Server("::1", 6000));
        assertThat(url.user()).isEqualTo("the app");
        assertThat(url.password()).isEqualTo("a:b+c");
        assertThat(url.database()).isEqualTo("auth");
        assertThat(url.options()).containsEntry("schema", "own").containsEntry("sslmode", "require");
        assertThat(url).hasToString("postgresql://db1.example.com:5433,db2:5432,[::1]:6000/auth");
    }

    @Test
    void needsNoPassword() {
        assertThat(ServerUrl.parse("postgres://app@db/auth").password()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql:",
                "postgresql://app@db",
                "postgresql://app@/auth",
                "postgresql://db/auth",
                "postgresql://app:hidden@db:port/auth",
                "postgresql://app:hidden@db:70000/auth",
                "postgresql://app:hidden@db:0/auth",
                "postgresql://app:hidden@db,,db2/auth",
                "postgresql://app:p@hidden@db/auth",
                "postgresql://app:%hidden@db/auth",
                "postgresql://app:hidden@db/auth?sslmod=require",
                "postgresql://app:hidden@db/auth?hidden",
                "mysql://app:hidden@db/auth"
            })
    void aMalformedOneIsRefusedWithoutItsPassword(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerUrl.parse(url))
                .withMessageStartingWith("a PostgreSQL storage's URL")
                .withMessageNotContaining("hidden");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sslmode=prefer",
                "schema=a-b",
                "schema=",
                "connections=many",
                "connections=0",
                "call_timeout=0",
                "readers=1001"
            })
    void anOptionOutOfItsBoundsIsRefusedWhenOpening(String option) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostgresqlStorage.builder("postgresql://app@db/auth?" + option));
    }
}
