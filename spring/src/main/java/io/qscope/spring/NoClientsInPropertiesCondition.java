package io.qscope.spring;

import java.util.Map;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Whether no client is registered by Spring Boot's properties. Where some are, Boot's own repository has them, so that they are
 * what the properties say after each start; the storage has rows that stand for them.
 */
final class NoClientsInPropertiesCondition implements Condition {

    private static final String CLIENTS = "spring.security.oauth2.authorizationserver.client";

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return Binder.get(context.getEnvironment())
                .bind(CLIENTS, Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .isEmpty();
    }
}
