package io.qscope.service;

/** What the services are tested on: every test class runs once on each. */
enum Engine {
    MEMORY,
    SQLITE
}
