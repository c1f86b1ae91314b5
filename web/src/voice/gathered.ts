// Our own addresses: in a house they are there at once, and no server of anybody's is asked for more.
const GATHER_MS = 1000;

/** Until a connection knows all its own addresses. */
export async function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === 'complete') return;
  await new Promise<void>((done) => {
    const timer = setTimeout(done, GATHER_MS);
    peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState !== 'complete') return;
      clearTimeout(timer);
      done();
    };
  });
}
