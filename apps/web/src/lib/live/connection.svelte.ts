/** Whether this page hears what happens. Quietly told at the top of a page; what is known stays on the screen. */
class Connection {
  connected = $state(true);
  lastHeard = $state(new Date());

  heard(): void {
    this.connected = true;
    this.lastHeard = new Date();
  }

  lost(): void {
    // Until this moment nothing was missed, however long ago the last thing happened.
    if (this.connected) this.lastHeard = new Date();
    this.connected = false;
  }
}

export const connection = new Connection();
