package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An argument that does not belong there may be a secret. */
final class StrayArgumentTest {

    private static final String SECRET = "hunter-two";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SECRET                                     | argument 1 does not belong there",
                "--SECRET                                   | argument 1 does not belong there",
                "token SECRET                               | argument 2 does not belong there",
                "token revoke SECRET                        | argument 3 does not belong there",
                "token revoke --token=SECRET                | argument 3 does not belong there",
                "token revoke -xSECRET                      | argument 3 does not belong there",
                "client create --SECRET                     | argument 3 does not belong there",
                "client show app app SECRET                 | argument 4 does not belong there",
                "audit SECRET                               | argument 2 does not belong there",
                "key SECRET                                 | argument 2 does not belong there",
                "key list SECRET                            | argument 3 does not belong there",
                "key list --SECRET                          | argument 3 does not belong there",
                "migrate SECRET                             | argument 2 does not belong there",
                "demo SECRET                                | argument 2 does not belong there",
                "help SECRET                                | not repeated",
                "client list --limit SECRET                 | --limit N: expected a whole number",
                "client create --access-token-ttl SECRET    | --access-token-ttl SECONDS: expected a whole number",
                "client create --require-pkce SECRET        | --require-pkce true|false: expected true or false",
                "audit tail --since SECRET                  | --since TIME: expected 2026-11-24T12:00:00Z, or how long ago",
                "client list --json=SECRET                  | --json takes no value",
                "migrate --show=SECRET                      | --show takes no value",
                "client list --by SECRET --by SECRET        | --by NAME may be given once only",
                "client list --keys                         | missing: --keys FILE",
                "client list --storage --by SECRET          | missing: --storage URL",
                "client show                                | missing: CLIENT_ID",
            })
    void isNotRepeatedAndWhatIsWrongIsSaid(String arguments, String problem) {
        InProcess refused = InProcess.qscope(arguments.replace("SECRET", SECRET).split(" +"));

        assertThat(refused.code()).as("%s", refused).isEqualTo(ExitCode.USAGE);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains(problem).doesNotContain(SECRET).doesNotContain("Exception");
        assertThat(refused.err().lines()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "migrat                              | migrate",
                "token rewoke                        | token revoke",
                "client create --redirect-url x      | --redirect-uri",
            })
    void whatItMayHaveMeantIsSaid(String arguments, String meant) {
        assertThat(InProcess.qscope(arguments.split(" +")).err()).contains(meant);
    }

    @Test
    void isNotInTheStackTraceEither(@TempDir Path folder) {
        Finished refused = new Commands(folder).run(Map.of("QSCOPE_DEBUG", "1"), "client list --limit " + SECRET);
        refused.failedWithUsage("--limit");
        assertThat(refused.err()).doesNotContain(SECRET);
    }
}
