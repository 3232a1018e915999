const dayMs = 86_400_000;
const byName = (a, b) => (a < b ? -1 : 1);

/** The nights from one day to another, as days ('2026-03-01'). */
function nights(from, to) {
  const days = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += dayMs) days.push(new Date(at).toISOString().slice(0, 10));
  if (days.length === 0) throw new RangeError(`From ${from} to ${to} there is no night.`);
  return days;
}

/** Rooms and their bookings; every call answers after `latencyMs`, as a server does. */
function openHotel({ latencyMs }) {
  const rooms = new Map();
  const bookings = new Map();
  let lastNumber = 0;
  const answer = async (work) => {
    await new Promise((resolve) => setTimeout(resolve, latencyMs));
    return work();
  };
  const roomOf = (name) => {
    if (!rooms.has(name)) throw new Error(`There is no room ${name}.`);
    return rooms.get(name);
  };
  const bookingOf = (number) => {
    if (!bookings.has(number)) throw new Error(`There is no booking ${number}.`);
    return bookings.get(number);
  };
  const isFree = (name, days) =>
    ![...bookings.values()].some((booking) => booking.room === name && booking.days.some((day) => days.includes(day)));

  return {
    addRoom: (name, { beds, priceCents }) =>
      answer(() => {
        if (rooms.has(name)) throw new Error(`Room ${name} is there already.`);
        rooms.set(name, { name, beds, priceCents });
      }),

    rooms: () => answer(() => [...rooms.keys()].sort(byName)),

    free: (from, to, beds = 1) =>
      answer(() => {
        const days = nights(from, to);
        return [...rooms.values()]
          .filter((room) => room.beds >= beds && isFree(room.name, days))
          .map((room) => room.name);
      }),

    book: (room, guest, from, to) =>
      answer(() => {
        const days = nights(from, to);
        roomOf(room);
        if (!isFree(room, days)) throw new Error(`Room ${room} is taken.`);
        bookings.set(++lastNumber, { room, guest, days });
        return lastNumber;
      }),

    cancel: (number) =>
      answer(() => {
        bookingOf(number);
        bookings.delete(number);
      }),

    move: (number, room) =>
      answer(() => {
        const booking = bookingOf(number);
        roomOf(room);
        if (!isFree(room, booking.days)) throw new Error(`Room ${room} is taken.`);
        booking.room = room;
      }),

    /** Seven nights and more are a tenth cheaper. */
    priceCents: (number) =>
      answer(() => {
        const { room, days } = bookingOf(number);
        const full = roomOf(room).priceCents * days.length;
        return days.length >= 7 ? Math.round(full * 0.9) : full;
      }),

    guests: (day) =>
      answer(() =>
        [...bookings.values()]
          .filter((booking) => booking.days.includes(day))
          .map((booking) => booking.guest)
          .sort(byName),
      ),
  };
}

module.exports = { nights, openHotel };
