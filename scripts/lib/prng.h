/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Seeded random numbers for the workloads: splitmix64 for hashing and seeding
 * (Steele, Lea, Flood 2014), xoshiro256** for streams (Blackman, Vigna 2018).
 * Both are in the public domain. The same seed gives the same numbers on
 * every machine; nothing here ever asks the kernel for randomness.
 */
#ifndef RECLAIM_LAB_PRNG_H
#define RECLAIM_LAB_PRNG_H

#include <stdint.h>

/**
 * struct prng - state of one stream of random numbers
 * @s: never all zero after prng_seed()
 */
struct prng {
	uint64_t s[4];
};

/**
 * prng_mix() - splitmix64's finalizer, a bijection that scatters its input
 * @value: anything
 *
 * Return: a number that differs for every @value.
 */
static inline uint64_t prng_mix(uint64_t value)
{
	value += 0x9e3779b97f4a7c15ull;
	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ull;
	value = (value ^ (value >> 27)) * 0x94d049bb133111ebull;
	return value ^ (value >> 31);
}

/**
 * prng_seed() - start a stream
 * @prng: stream
 * @seed: of the run
 * @stream: number of the stream; streams of one seed are independent
 */
static inline void prng_seed(struct prng *prng, uint64_t seed, uint64_t stream)
{
	uint64_t state = prng_mix(seed) ^ prng_mix(~stream);
	unsigned int i;

	for (i = 0; i < 4; i++) {
		prng->s[i] = prng_mix(state);
		state += 0x9e3779b97f4a7c15ull;
	}
}

static inline uint64_t prng_rotl(uint64_t value, unsigned int bits)
{
	return (value << bits) | (value >> (64 - bits));
}

/**
 * prng_next() - next 64 random bits (xoshiro256**)
 * @prng: stream
 *
 * Return: the number.
 */
static inline uint64_t prng_next(struct prng *prng)
{
	uint64_t *s = prng->s;
	uint64_t result = prng_rotl(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = prng_rotl(s[3], 45);
	return result;
}

/**
 * prng_below() - random number below a bound
 * @prng: stream
 * @bound: above 0, at most 2^32; the bias is below bound / 2^64
 *
 * Return: a number in 0 .. @bound - 1.
 */
static inline uint64_t prng_below(struct prng *prng, uint64_t bound)
{
	return (uint64_t)(((unsigned __int128)prng_next(prng) * bound) >> 64);
}

#endif /* RECLAIM_LAB_PRNG_H */
