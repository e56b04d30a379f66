package io.qscope.tck;

import static io.qscope.tck.Rows.EXPIRY;
import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.IdToken;
import io.qscope.model.TokenDigest;
import io.qscope.store.IdTokenTable;
import io.qscope.store.InvalidRowException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What ID tokens promise beside what every table of a family does. */
abstract class IdTokenContract extends ContractGroup {

    IdTokenContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void aTokenIsReadByItsDigestAndTheBytesAloneCount() {
        IdToken token = rows().storedIdToken();

        assertThat(await(tokens().getByToken(token.token(), ray()))).contains(token);
        assertThat(await(tokens().getByToken(TokenDigest.of(token.token().bytes(), "a-key"), ray())))
                .contains(token);
        assertThat(await(tokens().getByToken(rows().digest(), ray()))).isEmpty();
    }

    @Test
    void anExpiredTokenIsReadAsItIs() {
        IdToken token = rows().storedIdToken();

        assertThat(row(tokens(), token.id()).isLive(EXPIRY.minusMillis(1))).isTrue();
        assertThat(row(tokens(), token.id()).isLive(EXPIRY)).isFalse();
    }

    @Test
    void anUpdateMayChangeTheMetadataAlone() {
        IdToken token = rows().storedIdToken();
        IdToken known = token.toBuilder().metadata(Map.of("sid", "a session")).build();

        await(tokens().update(known, ray()));

        IdToken written = known.toBuilder().version(2).build();
        assertThat(row(tokens(), token.id())).isEqualTo(written);
        IdToken longer = written.toBuilder().expiresAt(EXPIRY.plusMillis(1)).build();
        IdToken another = written.toBuilder().userId("somebody else").build();
        failure(InvalidRowException.class, ray -> tokens().update(longer, ray));
        failure(InvalidRowException.class, ray -> tokens().update(another, ray));
        assertThat(row(tokens(), token.id())).isEqualTo(written);
    }

    @Test
    void aTokenIsRevokedWithItsFamily() {
        IdToken token = rows().storedIdToken();

        await(storage().authorizations().revoke(token.authorizationId(), attempt(NOW), ray()));

        assertThat(await(tokens().getByToken(token.token(), ray())))
                .contains(token.toBuilder().authorizationRevokedAt(NOW).build());
        assertThat(row(tokens(), token.id()).isLive(NOW)).isFalse();
    }

    private IdTokenTable tokens() {
        return storage().idTokens();
    }
}
