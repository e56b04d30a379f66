package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.micrometer.MicrometerListener;
import io.qscope.store.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerAutoConfiguration;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerJwtAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationConsentService;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationConsentService;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;

/** What an application gets by the dependency and its properties. */
class QscopeAutoConfigurationTest {

    private static final String CLIENT = "spring.security.oauth2.authorizationserver.client.app.registration.";

    @TempDir
    Path folder;

    private final WebApplicationContextRunner bare = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    QscopeAutoConfiguration.class,
                    OAuth2AuthorizationServerAutoConfiguration.class,
                    OAuth2AuthorizationServerJwtAutoConfiguration.class,
                    SecurityAutoConfiguration.class,
                    ServletWebSecurityAutoConfiguration.class,
                    HealthContributorAutoConfiguration.class));

    private final WebApplicationContextRunner runner = bare.withPropertyValues("qscope.storage=memory:");

    @Test
    void onePropertyMakesEverything() {
        bare.withPropertyValues("qscope.storage=sqlite:" + folder.resolve("a.db"))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(RegisteredClientRepository.class))
                            .isInstanceOf(QscopeRegisteredClientRepository.class);
                    assertThat(context.getBean(OAuth2AuthorizationConsentService.class))
                            .isInstanceOf(QscopeAuthorizationConsentService.class);
                    assertThat(context.getBean(OAuth2AuthorizationService.class))
                            .isInstanceOf(QscopeAuthorizationService.class);
                    assertThat(context.getBean("qscopeHealthIndicator", HealthIndicator.class)
                                    .health())
                            .satisfies(health -> assertThat(health.getStatus()).isEqualTo(Status.UP))
                            .satisfies(health ->
                                    assertThat(health.getDetails()).containsKeys("engine", "schemaVersion", "latency"));
                    assertThat(context.getBean(FilterRegistrationBean.class).getOrder())
                            .isEqualTo(-110);
                });
        assertThat(folder.resolve("a.db")).exists();
    }

    @Test
    void storageIsClosedWithTheApplicationAndHealthIsThenDown() {
        runner.run(context -> {
            HealthIndicator health = context.getBean("qscopeHealthIndicator", HealthIndicator.class);
            context.getBean(Storage.class).close();
            assertThat(health.health()).extracting(Health::getStatus).isEqualTo(Status.DOWN);
        });
    }

    @Test
    void clientOfThePropertiesStaysSpringBoots() {
        runner.withPropertyValues(
                        CLIENT + "client-id=app",
                        CLIENT + "client-secret={noop}x",
                        CLIENT + "client-authentication-methods=client_secret_basic",
                        CLIENT + "authorization-grant-types=client_credentials")
                .run(context -> {
                    RegisteredClientRepository clients = context.getBean(RegisteredClientRepository.class);
                    assertThat(clients).isInstanceOf(InMemoryRegisteredClientRepository.class);
                    assertThat(clients.findByClientId("app")).isNotNull();
                });
    }

    @Test
    void beansOfTheApplicationsOwnComeFirst() {
        OAuth2AuthorizationConsentService own = new InMemoryOAuth2AuthorizationConsentService();
        OAuth2AuthorizationService authorizations = new InMemoryOAuth2AuthorizationService();
        PrincipalCodec codec = JacksonPrincipalCodec.allowing(String.class);
        runner.withBean(OAuth2AuthorizationConsentService.class, () -> own)
                .withBean(OAuth2AuthorizationService.class, () -> authorizations)
                .withBean(PrincipalCodec.class, () -> codec)
                .run(context -> {
                    assertThat(context.getBean(OAuth2AuthorizationConsentService.class))
                            .isSameAs(own);
                    assertThat(context.getBean(OAuth2AuthorizationService.class))
                            .isSameAs(authorizations);
                    assertThat(context.getBean(PrincipalCodec.class)).isSameAs(codec);
                });
    }

    @Test
    void callsAreMeasuredWhereARegistryIs() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        runner.withBean(MeterRegistry.class, () -> registry).run(context -> {
            context.getBean(RegisteredClientRepository.class).findByClientId("none");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (calls(registry) == 0 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(calls(registry)).isPositive();
        });
    }

    private static long calls(MeterRegistry registry) {
        Timer timer = registry.find(MicrometerListener.CALL).timer();
        return timer == null ? 0 : timer.count();
    }

    @Test
    void turnedOffThereIsNothing() {
        bare.withPropertyValues("qscope.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Storage.class));
    }

    @Test
    void keyRingSealsAndItsAbsenceIsFoundAtTheStart() throws Exception {
        Path file = Files.writeString(
                folder.resolve("keys"), KeyRing.of(Key.generate("k1")).toText());
        runner.withPropertyValues("qscope.keys-file=" + file, "qscope.seal-attributes=true", "qscope.keyed-tokens=true")
                .run(context -> {
                    assertThat(context.getBean(ValueCodec.class).encode(java.util.Map.of("a", 1), "here"))
                            .startsWith("v1.k1.");
                    assertThat(context.getBean(AdapterKeys.class)
                                    .tokens()
                                    .digest("x")
                                    .keyId())
                            .isEqualTo("k1");
                });
        assertFails("no key ring", "qscope key generate", "qscope.storage=memory:", "qscope.seal-attributes=true");
        assertFails("no key ring", "qscope key generate", "qscope.storage=memory:", "qscope.keyed-tokens=true");
        assertFails("more than one", "Keep one", "qscope.storage=memory:", "qscope.keys-file=" + file, "qscope.keys=x");
    }

    @Test
    void keyRingMayBeABean() {
        KeyRing ring = KeyRing.of(Key.generate("k2"));
        runner.withBean(KeyRingSource.class, () -> () -> ring)
                .withPropertyValues("qscope.seal-attributes=true")
                .run(context -> assertThat(context.getBean(ValueCodec.class).encode(java.util.Map.of("a", 1), "here"))
                        .startsWith("v1.k2."));
    }

    @Test
    void wrongSettingsAreExplained() throws Exception {
        assertFails("does not say where to store", "sqlite:qscope.db");
        assertFails("no URL of a storage", "postgresql://", "qscope.storage=mysql://x");
        assertFails("no URL of a storage", "sqlite:path", "qscope.storage=sqlite:");
        assertFails("cannot be opened", "Check qscope.storage", "qscope.storage=sqlite:" + folder);
        assertFails(
                "cannot be opened",
                "Check qscope.storage",
                "qscope.storage=postgresql://nobody:hush@localhost:1/none?connect_timeout=1");
        assertFails("key ring cannot be read", "id base64", "qscope.storage=memory:", "qscope.keys=hush");
        assertFails(
                "key ring cannot be read",
                "id base64",
                "qscope.storage=memory:",
                "qscope.keys-file=" + folder.resolve("none"));
    }

    private void assertFails(String problem, String action, String... properties) {
        bare.withPropertyValues(properties).run(context -> {
            assertThat(context).hasFailed();
            FailureAnalysis analysis = Objects.requireNonNull(
                    new QscopeSetupFailureAnalyzer().analyze(Objects.requireNonNull(context.getStartupFailure())));
            assertThat(analysis.getDescription()).contains(problem).doesNotContain("hush");
            assertThat(analysis.getAction()).contains(action);
        });
    }
}
