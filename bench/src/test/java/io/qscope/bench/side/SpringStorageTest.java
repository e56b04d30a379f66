package io.qscope.bench.side;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.qscope.bench.data.DataSet;
import io.qscope.bench.data.PostgresqlTestbed;
import io.qscope.bench.data.Queries;
import io.qscope.bench.data.Testbed;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is measured of Spring Authorization Server is a real redemption, however long the run is. */
@Timeout(120)
final class SpringStorageTest {

    @TempDir
    private Path folder;

    @Test
    void redeemsACodeForTwoTokensAndOnce() throws Exception {
        try (Testbed testbed = PostgresqlTestbed.started(folder, Map.of(), new PostgresqlTestbed.Settings(null, 0, 0));
                DataSet data = testbed.load(50);
                SpringStorage spring = SpringJdbc.on(data, 2, true)) {
            long code = spring.issue(2);
            assertThat(ask(
                            data,
                            code,
                            "authorization_code_expires_at - now() > '1 day' AND access_token_value IS NULL"))
                    .isEqualTo("t");

            spring.redeem(code);

            assertThat(ask(data, code, "authorization_code_metadata LIKE '%\"metadata.token.invalidated\":true%'"))
                    .isEqualTo("t");
            assertThat(ask(data, code, "access_token_expires_at > now() AND refresh_token_expires_at > now()"))
                    .isEqualTo("t");
            assertThatIllegalStateException()
                    .isThrownBy(() -> spring.redeem(code))
                    .withMessageContaining("redeemed before");
            spring.redeem(code + 1);
        }
    }

    @Test
    void looksUpATokenThatIsLiveOnly() throws Exception {
        try (Testbed testbed = PostgresqlTestbed.started(folder, Map.of(), new PostgresqlTestbed.Settings(null, 0, 0));
                DataSet data = testbed.load(50);
                SpringStorage spring = SpringJdbc.on(data, 2, true)) {
            spring.lookUp();
            try (Connection connection = data.connect()) {
                Queries.run(connection, "UPDATE oauth2_authorization SET access_token_expires_at = now()");
            }
            assertThatIllegalStateException().isThrownBy(spring::lookUp);
        }
    }

    private static String ask(DataSet data, long code, String condition) throws SQLException {
        try (Connection connection = data.connect()) {
            return Queries.ask(
                    connection,
                    "SELECT " + condition + " FROM oauth2_authorization WHERE authorization_code_value LIKE '%-" + code
                            + "' AND id NOT LIKE 'template%' AND authorization_code_value NOT LIKE '%used-%'");
        }
    }
}
