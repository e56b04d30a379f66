package io.qscope.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.qscope.micrometer.MicrometerListener;
import io.qscope.store.Storage;
import io.qscope.store.StorageListener;
import jakarta.servlet.Filter;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationConsentService;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;

/**
 * Has Spring Authorization Server store what it has by qscope: opens the storage that {@code qscope.storage} names, and makes the
 * beans that the server looks for. A bean of the application's own, of any of these types, comes first.
 *
 * <p>An application that does not say where to store does not start: its authorizations would otherwise be in memory unnoticed.
 */
@AutoConfiguration(
        beforeName =
                "org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerAutoConfiguration")
@ConditionalOnClass(OAuth2AuthorizationService.class)
@ConditionalOnBooleanProperty(name = "qscope.enabled", matchIfMissing = true)
@EnableConfigurationProperties(QscopeProperties.class)
public final class QscopeAutoConfiguration {

    /** For Spring. */
    public QscopeAutoConfiguration() {}

    @Bean
    AdapterKeys qscopeKeys(QscopeProperties properties, ObjectProvider<KeyRingSource> source) {
        return new StorageOpening(properties)
                .keys(source.getIfUnique())
                .map(ring -> AdapterKeys.of(ring, properties.keyedTokens()))
                .orElseGet(AdapterKeys::none);
    }

    @Bean
    @ConditionalOnMissingBean
    Storage qscopeStorage(QscopeProperties properties, AdapterKeys keys, ObjectProvider<StorageListener> listener) {
        return new StorageOpening(properties).storage(keys.ring(), listener.getIfUnique());
    }

    @Bean
    @ConditionalOnMissingBean
    StorageAccess qscopeStorageAccess(Storage storage, QscopeProperties properties) {
        return StorageAccess.to(storage).withTimeout(properties.timeout());
    }

    @Bean
    @ConditionalOnMissingBean
    PrincipalCodec qscopePrincipalCodec() {
        return new JacksonPrincipalCodec();
    }

    @Bean
    ValueCodec qscopeValueCodec(QscopeProperties properties, AdapterKeys keys, PrincipalCodec principals) {
        return keys.sealer() != null && properties.sealAttributes()
                ? ValueCodec.sealing(principals, keys.sealer())
                : ValueCodec.plain(principals, keys.sealer());
    }

    @Bean
    @ConditionalOnMissingBean(RegisteredClientRepository.class)
    @Conditional(NoClientsInPropertiesCondition.class)
    QscopeRegisteredClientRepository qscopeRegisteredClientRepository(
            StorageAccess access, ValueCodec codec, AdapterKeys keys) {
        ClientSecrets secrets = new ClientSecrets(keys.sealer());
        return new QscopeRegisteredClientRepository(
                access, new ClientRows(codec, secrets, keys.userCodes() != null), secrets);
    }

    @Bean
    @ConditionalOnMissingBean(OAuth2AuthorizationConsentService.class)
    QscopeAuthorizationConsentService qscopeAuthorizationConsentService(
            StorageAccess access, RegisteredClientRepository clients) {
        return new QscopeAuthorizationConsentService(access, clients);
    }

    @Bean
    @ConditionalOnMissingBean(OAuth2AuthorizationService.class)
    QscopeAuthorizationService qscopeAuthorizationService(
            StorageAccess access, RegisteredClientRepository clients, ValueCodec codec, AdapterKeys keys) {
        return new QscopeAuthorizationService(access, clients, codec, keys);
    }

    /** Metrics, where a registry is. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({MeterRegistry.class, MicrometerListener.class})
    static class Metrics {

        @Bean
        @ConditionalOnMissingBean
        StorageListener qscopeStorageListener(ObjectProvider<MeterRegistry> registry) {
            @Nullable MeterRegistry found = registry.getIfUnique();
            return found == null ? call -> {} : new MicrometerListener(found);
        }
    }

    /** Health, where Boot's is. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    static class StorageHealth {

        @Bean
        @ConditionalOnMissingBean(name = "qscopeHealthIndicator")
        @ConditionalOnEnabledHealthIndicator("qscope")
        HealthIndicator qscopeHealthIndicator(StorageAccess access) {
            return new StorageHealthIndicator(access);
        }
    }

    /** The answer while the storage is out of reach, where answers are a servlet's. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Filter.class, FilterRegistrationBean.class})
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class Unavailability {

        /** Before Spring Security's filters, which are at -100. */
        private static final int ORDER = -110;

        @Bean
        FilterRegistrationBean<Filter> qscopeTemporarilyUnavailableFilter(QscopeProperties properties) {
            FilterRegistrationBean<Filter> registration =
                    new FilterRegistrationBean<>(new TemporarilyUnavailableFilter(properties.retryAfter()));
            registration.setOrder(ORDER);
            return registration;
        }
    }
}
