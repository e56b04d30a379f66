package io.qscope.model;

import static io.qscope.model.Samples.T0;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code isLive} answers from a row's own marks, its root's mark and its expiry, which itself is too late. */
class LivenessTest {

    private static final Instant EXPIRY = T0.plusSeconds(60);
    private static final Instant LAST_GOOD = EXPIRY.minusMillis(1);

    @Test
    void accessToken() {
        AccessToken token = Samples.accessToken().toBuilder()
                .revokedAt(null)
                .authorizationRevokedAt(null)
                .expiresAt(EXPIRY)
                .build();
        assertThat(token.isLive(LAST_GOOD)).isTrue();
        assertThat(token.isLive(EXPIRY)).isFalse();
        assertThat(token.toBuilder().revokedAt(T0).build().isLive(LAST_GOOD)).isFalse();
        assertThat(token.toBuilder().authorizationRevokedAt(T0).build().isLive(LAST_GOOD))
                .isFalse();
    }

    @Test
    void refreshToken() {
        RefreshToken token = Samples.refreshToken().toBuilder()
                .revokedAt(null)
                .rotatedAt(null)
                .authorizationRevokedAt(null)
                .expiresAt(EXPIRY)
                .build();
        assertThat(token.isLive(LAST_GOOD)).isTrue();
        assertThat(token.isLive(EXPIRY)).isFalse();
        assertThat(token.toBuilder().expiresAt(null).build().isLive(Limits.LATEST))
                .isTrue();
        assertThat(token.toBuilder().rotatedAt(T0).build().isLive(LAST_GOOD)).isFalse();
        assertThat(token.toBuilder().revokedAt(T0).build().isLive(LAST_GOOD)).isFalse();
        assertThat(token.toBuilder().authorizationRevokedAt(T0).build().isLive(LAST_GOOD))
                .isFalse();
    }

    @Test
    void authorizationCode() {
        AuthorizationCode code = Samples.authorizationCode().toBuilder()
                .consumedAt(null)
                .authorizationRevokedAt(null)
                .expiresAt(EXPIRY)
                .build();
        assertThat(code.isLive(LAST_GOOD)).isTrue();
        assertThat(code.isLive(EXPIRY)).isFalse();
        assertThat(code.toBuilder().consumedAt(T0).build().isLive(LAST_GOOD)).isFalse();
        assertThat(code.toBuilder().authorizationRevokedAt(T0).build().isLive(LAST_GOOD))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void deviceCode(DeviceCodeState state) {
        DeviceCode code = Samples.deviceCode().toBuilder()
                .state(state)
                .authorizationRevokedAt(null)
                .expiresAt(EXPIRY)
                .build();
        boolean leadsSomewhere = state == DeviceCodeState.PENDING || state == DeviceCodeState.APPROVED;
        assertThat(code.isLive(LAST_GOOD)).isEqualTo(leadsSomewhere);
        assertThat(code.isLive(EXPIRY)).isFalse();
        assertThat(code.toBuilder().authorizationRevokedAt(T0).build().isLive(LAST_GOOD))
                .isFalse();
    }

    @Test
    void idToken() {
        IdToken token = Samples.idToken().toBuilder()
                .authorizationRevokedAt(null)
                .expiresAt(EXPIRY)
                .build();
        assertThat(token.isLive(LAST_GOOD)).isTrue();
        assertThat(token.isLive(EXPIRY)).isFalse();
        assertThat(token.toBuilder().authorizationRevokedAt(T0).build().isLive(LAST_GOOD))
                .isFalse();
    }

    @Test
    void authorizationRequest() {
        AuthorizationRequest request = Samples.authorizationRequest().toBuilder()
                .authorizationRevokedAt(null)
                .consumedAt(null)
                .expiresAt(EXPIRY)
                .build();
        assertThat(request.isLive(LAST_GOOD)).isTrue();
        assertThat(request.isLive(EXPIRY)).isFalse();
        assertThat(request.toBuilder().consumedAt(T0).build().isLive(LAST_GOOD)).isFalse();
        assertThat(request.toBuilder().authorizationRevokedAt(T0).build().isLive(LAST_GOOD))
                .isFalse();
    }

    @Test
    void consent() {
        assertThat(Samples.consent().isLive()).isFalse();
        assertThat(Samples.consent().toBuilder().revokedAt(null).build().isLive())
                .isTrue();
    }

    @Test
    void authorization() {
        assertThat(Samples.authorization().isLive()).isFalse();
        assertThat(Samples.authorization().toBuilder().revokedAt(null).build().isLive())
                .isTrue();
    }
}
