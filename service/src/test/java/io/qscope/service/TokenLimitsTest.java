package io.qscope.service;

import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.refreshToken;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.OAuthClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How many tokens of a client live at the same time. */
@ParameterizedClass
@EnumSource
class TokenLimitsTest extends TokenScenarios {

    TokenLimitsTest(Engine engine) {
        super(engine);
    }

    @Test
    void beyondALimitTheOldestAccessTokensOfTheUserAreRevokedFirst() {
        OAuthClient limited = deployment.client(row -> row, config -> config.maxActiveAccessTokens(2));
        List<IssuedTokens> issued = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            deployment.clock.advance(Duration.ofSeconds(1));
            issued.add(deployment.tokens(limited));
        }
        assertThat(issued)
                .extracting(each -> deployment.isActive(limited, each.accessToken()))
                .containsExactly(false, false, true, true);
        deployment.clock.advance(Duration.ofSeconds(1));
        IssuedTokens refreshed = refresh(limited, refreshToken(issued.get(0)));
        assertThat(deployment.isActive(limited, refreshed.accessToken())).isTrue();
        assertThat(deployment.isActive(limited, issued.get(2).accessToken())).isFalse();
    }

    @Test
    void beyondALimitTheOldestRefreshTokensOfTheUserAreRevokedFirst() {
        OAuthClient limited = deployment.client(row -> row, config -> config.maxActiveRefreshTokens(2));
        List<IssuedTokens> issued = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            deployment.clock.advance(Duration.ofSeconds(1));
            issued.add(deployment.tokens(limited));
        }
        assertThat(issued)
                .extracting(each -> deployment.isActive(limited, refreshToken(each)))
                .containsExactly(false, true, true);
        deployment.clock.advance(Duration.ofSeconds(1));
        IssuedTokens rotated = refresh(limited, refreshToken(issued.get(1)));
        assertThat(deployment.isActive(limited, refreshToken(rotated))).isTrue();
        assertThat(deployment.isActive(limited, refreshToken(issued.get(2)))).isTrue();
    }

    @Test
    void aClientsOwnTokensHaveALimitOfTheirOwn() {
        OAuthClient limited = deployment.client(row -> row, config -> config.maxActiveAccessTokens(1));
        IssuedTokens ofUser = deployment.tokens(limited);
        List<String> own = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            deployment.clock.advance(Duration.ofSeconds(1));
            own.add(success(tokens.clientCredentials(credentials(limited), null, Map.of(), deployment.ray))
                    .accessToken());
        }
        assertThat(own).extracting(token -> deployment.isActive(limited, token)).containsExactly(false, true);
        assertThat(deployment.isActive(limited, ofUser.accessToken())).isTrue();
    }

    @Test
    void whatWasJustIssuedIsNeverTheOldestWhateverOtherClocksSay() {
        OAuthClient limited = deployment.client(
                row -> row, config -> config.maxActiveAccessTokens(1).maxActiveRefreshTokens(1));
        deployment.clock.advance(Duration.ofSeconds(5));
        IssuedTokens ahead = deployment.tokens(limited);
        deployment.clock.advance(Duration.ofSeconds(-5));
        IssuedTokens behind = deployment.tokens(limited);
        assertThat(List.of(behind.accessToken(), refreshToken(behind)))
                .allMatch(token -> deployment.isActive(limited, token));
        assertThat(List.of(ahead.accessToken(), refreshToken(ahead)))
                .noneMatch(token -> deployment.isActive(limited, token));
    }
}
